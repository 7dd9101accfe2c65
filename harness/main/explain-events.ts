// How a rule sees events: of a file, of a case, or of all cases of a run.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEvidence, readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import { attributeCase } from '../engine/proof/attribution.ts';
import { withoutRunner } from '../engine/proof/runner-text.ts';
import type { OnRunFact } from '../model/run-event.ts';
import { type Explanation, nearest } from '../rules/explain.ts';
import { explanationText } from '../rules/explain-text.ts';
import type { Rule } from '../rules/index.ts';
import { eventsOf } from './event-stream.ts';
import type { FieldNames } from './request.ts';

/** More of the events that nearly matched would only bury the nearest. */
const shownEvents = 3;

/**
 * Holds a rule against events: a paragraph for each of those that match or come closest, by each of its conditions.
 * @param source a file of events; the folder of a case; or the folder of a run, of which the events count that are its
 *   attacks' own
 * @throws AtomclockError `replay/…` for a file that cannot be read, `evidence/…` for such a run
 */
export async function explainOnEvents(
  rule: Rule,
  source: string,
  fields: FieldNames,
  signal: AbortSignal,
  say: OnRunFact,
): Promise<string[]> {
  const note = (message: string): void => say({ kind: 'note', message });
  const explained = (await hasEvidence(source))
    ? await ofRun(rule, source, signal)
    : await ofFile(rule, await fileOf(source), { fields, signal, note });
  if (explained.length === 0) note(`${source} has no events`);
  return explained.map(({ explanation, name }) => explanationText(explanation, name));
}

/** An explanation, and what its event is called. */
interface Named {
  readonly explanation: Explanation;
  readonly name: string;
}

/** A case's folder has its events in a file of this name. */
const fileOf = async (source: string): Promise<string> =>
  (await stat(source).then(
    (found) => found.isDirectory(),
    () => false,
  ))
    ? join(source, 'events.ndjson')
    : source;

async function ofFile(
  rule: Rule,
  file: string,
  { fields, signal, note }: { fields: FieldNames; signal: AbortSignal; note: (message: string) => void },
): Promise<Named[]> {
  const events: object[] = [];
  const names: string[] = [];
  const reading = {
    signal,
    zone: null,
    timesMatter: false,
    onBytes: () => {},
    onUnreadable: note,
    onNote: note,
  };
  for await (const some of eventsOf(file, reading)) {
    for (const { line, event } of some) {
      events.push(event);
      names.push(nameOf(event, line));
    }
  }
  return nearest(rule, events, { limit: shownEvents, fields })
    .flat()
    .map((explanation) => ({ explanation, name: names[explanation.event] ?? '' }));
}

/** Events of ours have an id, which reports cite. */
function nameOf(event: object, line: number): string {
  const { event: fields } = event as { event?: { id?: unknown } };
  return typeof fields?.id === 'string' ? `${fields.id} (line ${line})` : `line ${line}`;
}

/** Case by case: no more than the nearest of each is kept. */
async function ofRun(rule: Rule, run: string, signal: AbortSignal): Promise<Named[]> {
  const found: Named[] = [];
  for (const place of (await readEvidenceFile(run)).cases) {
    signal.throwIfAborted();
    const { evidence, events } = await readCase(run, place);
    if (evidence.kind !== 'attack') continue;
    const attribution = attributeCase(evidence, events);
    const own = withoutRunner(evidence.steps, events).events.filter(
      (event) => attribution.ownerOf(event) === 'attack',
    );
    for (const explanation of nearest(rule, own, { limit: shownEvents, fields: 'ecs' }).flat()) {
      found.push({ explanation, name: `${own[explanation.event]?.event.id} of ${evidence.id}` });
    }
  }
  return [...Map.groupBy(found, ({ explanation }) => explanation.filter).values()].flatMap((ofFilter) =>
    ofFilter.toSorted((a, b) => a.explanation.distance - b.explanation.distance).slice(0, shownEvents),
  );
}
