// Judges a run's folder again, case by case.

import { join } from 'node:path';
import {
  type CasePlace,
  type RecordedEvidence,
  readCase,
  readEvidenceFile,
  strayCases,
} from '../content/evidence-folder.ts';
import type { OwnExpectations } from '../content/own-expectations.ts';
import { judgeCase } from '../engine/judge/judge-case.ts';
import { RunJudge } from '../engine/judge/run-judge.ts';
import { seenBy } from '../engine/judge/seen-by.ts';
import type { Atomic } from '../model/atomic.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import type { CaseEvidence, EvidenceFile } from '../model/evidence.ts';
import { overruled } from '../model/expectation.ts';
import type { OnRunFact } from '../model/run-event.ts';
import { missingCases } from '../report/summary-line.ts';
import { nameOf } from '../telemetry/registry.ts';
import { judgedFact, matchedFacts } from './judged-facts.ts';
import { judgingBook } from './judging-book.ts';
import { ownExpectations } from './load-content.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { Replayed } from './replayed.ts';
import type { ReplayRequest } from './request.ts';
import { sensorsNamed } from './sensors.ts';
import type { World } from './world.ts';

/**
 * Judges by the rules that the run was recorded with, or by `--rules`; with sensors, as if it had been recorded by these
 * alone.
 * @throws AtomclockError `evidence/…`, `run/unknown-sensor`, `replay/sensor-not-recorded`
 */
export async function replayFolder(
  request: ReplayRequest,
  { signal }: World,
  say: OnRunFact,
  read: EvidenceReader = readerOf(request.source),
): Promise<Replayed> {
  const { source, rules } = request;
  const placeholders = placeholderValues(request);
  const file = await read.file();
  const { book, hasErrors: inRules } = judgingBook(file, { rules, placeholders }, say);
  const own = ownExpectations(request, book);
  const replayed: Atomic[] = [];
  const note = (message: string): void => say({ kind: 'note', message });
  const chosen = chosenOf(file.run.sensors, request.sensors, source);
  const judge = new RunJudge(book, chosen ?? file.run.sensors);
  const missing = (file.planned ?? []).filter((id) => !file.cases.some((one) => one.id === id));
  let hasErrors = inRules;
  for (const [at, place] of file.cases.entries()) {
    signal.throwIfAborted();
    const found = await read.case(place, note);
    if (found === null) missing.push(place.id);
    else {
      const { evidence, events } = chosen ? seenBy(new Set(chosen), found.evidence, found.events) : found;
      if (evidence.kind !== 'idle') replayed.push(evidence.atomic);
      const judged = judgeCase(withOwnExpectation(evidence, own), events, book);
      matchedFacts(judged).forEach(say);
      judge.add(judged, at).map(judgedFact).forEach(say);
    }
    hasErrors ||= found === null || found.evidence.faults.some(({ code }) => code === 'evidence/damaged');
  }
  for (const problem of own.strays(replayed, 'warning')) say({ kind: 'problem', problem });
  for (const id of await strayCases(source, file)) {
    note(`${join(source, 'cases', id)}: evidence.json does not name this case: it is not judged`);
  }
  const record = judge.finish({
    ...file.run,
    ...(chosen && { sensors: chosen }),
    ...(missing.length > 0 && { missing }),
  });
  const lines = missingCases(record);
  if (lines !== null) note(lines);
  return { record, hasErrors };
}

/** Where the evidence of a run comes from: its folder each time, or what was read of it before. */
export interface EvidenceReader {
  file(): Promise<EvidenceFile>;
  /** @returns null where nothing is known of the case */
  case(place: CasePlace, note: (message: string) => void): Promise<RecordedEvidence | null>;
}

const readerOf = (source: string): EvidenceReader => ({
  file: () => readEvidenceFile(source),
  case: (place, note) => readOrNote(source, place, note),
});

/** Reads everything once: for who judges the same evidence again and again. */
export function rememberingReader(source: string): EvidenceReader {
  const reader = readerOf(source);
  let file: Promise<EvidenceFile> | null = null;
  const cases = new Map<string, Promise<RecordedEvidence | null>>();
  return {
    file: () => (file ??= reader.file()),
    case: (place, note) => {
      const known = cases.get(place.folder) ?? reader.case(place, note);
      cases.set(place.folder, known);
      return known;
    },
  };
}

const withOwnExpectation = (evidence: CaseEvidence, own: OwnExpectations): CaseEvidence =>
  evidence.kind === 'idle'
    ? evidence
    : {
        ...evidence,
        expectation: overruled(evidence.expectation, own.of(evidence.atomic), evidence.atomic.slug),
      };

/**
 * The sensors to judge by, in the run's order; null: none was chosen, all that the run had count.
 * @throws AtomclockError `run/unknown-sensor`, `replay/sensor-not-recorded`
 */
function chosenOf(
  recorded: readonly SensorName[],
  wanted: readonly SensorName[],
  source: string,
): SensorName[] | null {
  if (wanted.length === 0) return null;
  const names = sensorsNamed(wanted).map(nameOf);
  const absent = names.filter((name) => !recorded.includes(name));
  if (absent.length === 0) return recorded.filter((name) => names.includes(name));
  const had = recorded.join(', ') || 'none';
  throw new AtomclockError(
    'replay/sensor-not-recorded',
    `${source} was not recorded by ${absent.join(' and ')}: its sensors are ${had}`,
    {
      exitCode: exitCodes.badInput,
      hint: `Record it anew: atomclock run --sensor ${[...recorded, ...absent].join(',')}`,
    },
  );
}

/** One damaged case hides no other. */
async function readOrNote(
  source: string,
  place: CasePlace,
  note: (message: string) => void,
): Promise<RecordedEvidence | null> {
  try {
    const read = await readCase(source, place);
    for (const { code, message } of read.evidence.faults)
      if (code === 'evidence/damaged') note(`error: ${message}`);
    return read;
  } catch (error) {
    if (!(error instanceof AtomclockError)) throw error;
    note(`error: ${error.message}`);
    return null;
  }
}
