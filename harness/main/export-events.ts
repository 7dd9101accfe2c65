// The events of a run's cases for others to work with: ECS as NDJSON, and a manifest that says whose doing each one is.

import { createHash } from 'node:crypto';
import { readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import { ecsVersion } from '../content/lint/ecs-fields.ts';
import { attributeCase } from '../engine/proof/attribution.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { EcsEvent } from '../model/event.ts';
import type { CaseEvidence } from '../model/evidence.ts';
import { refersTo } from '../model/reference.ts';
import type { CaseRecord } from '../model/run-record.ts';
import { isWithin } from '../model/silence.ts';
import type { EventsRequest } from './request.ts';
import { readRun } from './run-file.ts';
import { writeFiles } from './write-files.ts';

export interface ExportedEvents {
  readonly files: readonly string[];
  readonly cases: number;
  readonly events: number;
}

/**
 * Writes `CASE.ndjson` for each case that is selected, and `manifest.json`.
 * @throws AtomclockError `export/nothing-selected`, `run/…`, `evidence/…`, `output/unwritable`
 */
export async function exportEvents({ run, cases: wanted, out }: EventsRequest): Promise<ExportedEvents> {
  const [file, record] = [await readEvidenceFile(run), await readRun(run)];
  const selected = file.cases.flatMap((place) => {
    const of = record.cases.find(({ id }) => id === place.id);
    return of && (wanted.length === 0 || wanted.some((selector) => isMeant(selector, of)))
      ? [{ place, of }]
      : [];
  });
  if (selected.length === 0) {
    throw new AtomclockError(
      'export/nothing-selected',
      `${run} has no case that is meant by ${wanted.join(', ')}`,
      {
        exitCode: exitCodes.nothingSelected,
        hint: 'Name a technique, a slug, or the id of a case as its report has it.',
      },
    );
  }
  const files = new Map<string, string>();
  const cases: ReturnType<typeof entryOf>[] = [];
  for (const { place, of } of selected) {
    const { evidence, events } = await readCase(run, place);
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    files.set(`${of.id}.ndjson`, text);
    cases.push(entryOf(of, evidence, events, text));
  }
  const { id, startedAt, finishedAt, harness, host, sensors, clock } = record.run;
  const manifest = {
    format: 'atomclock/events',
    version: 1,
    ecs: { version: ecsVersion },
    run: { id, startedAt, finishedAt, harness, host, sensors, clock },
    cases,
  };
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  return {
    files: await writeFiles(out, files),
    cases: cases.length,
    events: cases.reduce((sum, { events }) => sum + events, 0),
  };
}

const isMeant = (selector: string, { id, atomic }: CaseRecord): boolean =>
  selector === id ||
  refersTo(selector, atomic) ||
  (/^T\d/i.test(selector) && isWithin(atomic.technique, selector.toUpperCase()));

function entryOf(of: CaseRecord, evidence: CaseEvidence, events: readonly EcsEvent[], text: string) {
  const attribution = attributeCase(evidence, events);
  const times = events.map((event) => event['@timestamp']).toSorted();
  const { guid, slug, name, technique } = of.atomic;
  return {
    id: of.id,
    file: `${of.id}.ndjson`,
    sha256: createHash('sha256').update(text).digest('hex'),
    events: events.length,
    firstAt: times[0] ?? null,
    lastAt: times.at(-1) ?? null,
    kind: of.kind,
    technique,
    procedure: { guid, slug, name },
    variant: of.variant?.axes ?? null,
    target: of.target,
    mitigation: of.mitigation,
    user: of.user,
    commands: of.steps.filter(({ role }) => role === 'attack').map(({ command }) => command),
    observation: of.observation,
    verdict: of.verdict,
    /** The event that shows the payload's launch. */
    proof: of.proof?.eventId ?? null,
    perSensor: of.telemetry.perSensor,
    /** Ids (`event.id`) of what belongs to the procedure; all others are the target's own doings, or the harness's. */
    own: events.filter((event) => attribution.ownerOf(event) === 'attack').map(({ event }) => event.id),
    detections: of.detections
      .filter(({ eventIds }) => eventIds.length > 0)
      .map(({ rule, attributed, eventIds }) => ({ rule, attributed, eventIds })),
  };
}
