// Judges again what was recorded: a run's folder, case by case, or a bare file of events. No Docker.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { fileSize } from '../content/event-file.ts';
import {
  type CasePlace,
  type RecordedEvidence,
  readCase,
  readEvidenceFile,
  strayCases,
} from '../content/evidence-folder.ts';
import type { OwnExpectations } from '../content/own-expectations.ts';
import { judgeCase } from '../engine/judge/judge-case.ts';
import { judgeStream } from '../engine/judge/judge-stream.ts';
import { type RunFacts, RunJudge } from '../engine/judge/run-judge.ts';
import { seenBy } from '../engine/judge/seen-by.ts';
import type { Atomic } from '../model/atomic.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import type { CaseEvidence } from '../model/evidence.ts';
import { overruled } from '../model/expectation.ts';
import type { OnRunEvent, OnRunFact } from '../model/run-event.ts';
import type { RunRecord } from '../model/run-record.ts';
import { missingCases } from '../report/summary-line.ts';
import { nameOf } from '../telemetry/registry.ts';
import { eventsOf } from './event-stream.ts';
import { judgedFact, matchedFacts } from './judged-facts.ts';
import { bookOf, loadBook, ownExpectations } from './load-content.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { ReplayRequest } from './request.ts';
import { writeRun } from './run-file.ts';
import { claimForRecord } from './run-folder.ts';
import { sensorsNamed } from './sensors.ts';
import { harnessVersion } from './version.ts';
import { stamped, type World } from './world.ts';

export interface Replay {
  record: RunRecord;
  /** Some places in a bare file are no events, or some files of rules could not be read: each was said. */
  hasErrors: boolean;
  /** The run.json that was written; null: none was asked for. */
  kept: string | null;
}

type Judged = Omit<Replay, 'kept'>;

/** More of them would bury the first. */
const shownProblems = 10;

/**
 * Judges a run's folder by the rules it was recorded with, or by `--rules`; a bare file by `--rules` or the bundled ones.
 * With sensors, a run's folder is judged as if it had been recorded by these alone.
 * @throws AtomclockError `replay/…`, `evidence/…`, `output/…`
 */
export async function replay(request: ReplayRequest, world: World, onEvent: OnRunEvent): Promise<Replay> {
  const say = stamped(onEvent);
  const { source, out } = request;
  if (out !== null) await claimForRecord(out, source);
  const isFolder = await stat(source).then(
    (found) => found.isDirectory(),
    (cause: Error) => {
      throw new AtomclockError('replay/unreadable', `cannot read ${source}: ${cause.message}`, {
        exitCode: exitCodes.badInput,
        cause,
      });
    },
  );
  const judged = await (isFolder ? replayFolder(request, world, say) : replayFile(request, world, say));
  say({ kind: 'run-finished', summary: judged.record.summary });
  return { ...judged, kept: out === null ? null : await writeRun(out, judged.record) };
}

async function replayFolder(request: ReplayRequest, { signal }: World, say: OnRunFact): Promise<Judged> {
  keepHeapSmall();
  const { source, rules } = request;
  const given = placeholderValues(request);
  const file = await readEvidenceFile(source);
  // What is given now goes before what the run was given: a value may be the very thing that is tried out.
  const placeholders = { ...file.placeholders, ...given };
  const { book, hasErrors: inRules } =
    rules.length > 0
      ? loadBook(rules, say, 'ecs', placeholders)
      : { book: bookOf(file.rules, 'ecs', undefined, placeholders), hasErrors: false };
  const own = ownExpectations(request, book);
  const replayed: Atomic[] = [];
  const note = (message: string): void => say({ kind: 'note', message });
  const chosen = chosenOf(file.run.sensors, request.sensors, source);
  const judge = new RunJudge(book, chosen ?? file.run.sensors);
  const missing = (file.planned ?? []).filter((id) => !file.cases.some((one) => one.id === id));
  let hasErrors = inRules;
  for (const [at, place] of file.cases.entries()) {
    signal.throwIfAborted();
    const read = await readOrNote(source, place, note);
    if (read === null) missing.push(place.id);
    else {
      const { evidence, events } = chosen ? seenBy(new Set(chosen), read.evidence, read.events) : read;
      if (evidence.kind !== 'idle') replayed.push(evidence.atomic);
      const judged = judgeCase(withOwnExpectation(evidence, own), events, book);
      matchedFacts(judged).forEach(say);
      judge.add(judged, at).map(judgedFact).forEach(say);
    }
    hasErrors ||= read === null || read.evidence.faults.some(({ code }) => code === 'evidence/damaged');
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

async function replayFile(request: ReplayRequest, { signal }: World, say: OnRunFact): Promise<Judged> {
  keepHeapSmall();
  const { source, rules, fields, zone, sensors } = request;
  if (sensors.length > 0) {
    throw new AtomclockError(
      'replay/sensor-of-file',
      `${source} is a file of events: which sensors a run had, only its folder tells`,
      { exitCode: exitCodes.badInput, hint: 'Give the folder of a run, or leave --sensor out.' },
    );
  }
  const startedAt = new Date().toISOString();
  const { book, hasErrors } = loadBook(rules, say, fields, placeholderValues(request));
  const note = (message: string): void => say({ kind: 'note', message });
  let unreadable = 0;
  const events = eventsOf(source, {
    signal,
    zone,
    timesMatter: book.rules.some(({ query }) => query.kind !== 'event'),
    onBytes: progressOf(source, await fileSize(source), note),
    onUnreadable: (problem) => {
      unreadable += 1;
      if (unreadable <= shownProblems) note(problem);
    },
    onNote: note,
  });
  const record = await judgeStream(events, book, {
    file: source,
    facts: () => bareFacts(startedAt),
    warn: note,
  });
  if (unreadable > shownProblems) note(`${source}: ${unreadable} places in all could not be read`);
  return { record, hasErrors: hasErrors || unreadable > 0 };
}

/**
 * Events die young, and a case's die with it: room for more of them than V8 starts with, and a heap that doubles before
 * anything is given back, take some hundred MiB and save no time.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}

/** A note for every tenth of a large file. */
function progressOf(file: string, size: number, note: (message: string) => void): (bytes: number) => void {
  const step = Math.max(size / 10, 64 * 1024 * 1024);
  let read = 0;
  return (bytes) => {
    const before = Math.floor(read / step);
    read += bytes;
    if (Math.floor(read / step) === before) return;
    note(`${file}: ${Math.round((100 * read) / size)} %`);
  };
}

const bareFacts = (startedAt: string): RunFacts => ({
  id: 'replay',
  startedAt,
  finishedAt: new Date().toISOString(),
  harness: harnessVersion(),
  host: { kernel: '', docker: '', cpus: 0, memory: 0 },
  sensors: [],
  clock: 'real',
  shard: null,
});
