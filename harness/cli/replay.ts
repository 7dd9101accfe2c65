// Judges again what was recorded: a run's folder, case by case, or a bare file of events. No Docker.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { fileSize } from '../content/event-file.ts';
import { type RecordedEvidence, readCase, readEvidenceFile, strayCases } from '../content/evidence-folder.ts';
import { judgeCase } from '../engine/judge/judge-case.ts';
import { judgeStream } from '../engine/judge/judge-stream.ts';
import { type RunFacts, RunJudge } from '../engine/judge/run-judge.ts';
import type { OnProgress } from '../engine/progress.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import type { RunRecord } from '../model/run-record.ts';
import { printableLines } from '../report/printable.ts';
import { missingCases } from '../report/summary-line.ts';
import { eventsOf } from './event-stream.ts';
import type { Io } from './io.ts';
import { bookOf, loadBook } from './load-content.ts';
import type { ReplayOptions } from './options.ts';
import { harnessVersion } from './version.ts';

interface Replay {
  record: RunRecord;
  /** Places in a bare file that are no events, or files of rules that could not be read; told on stderr. */
  isSpoilt: boolean;
}

/** More of them would bury the first. */
const shownComplaints = 10;

/**
 * Judges a run's folder by the rules it was recorded with, or by `--rules`; a bare file by `--rules` or the bundled ones.
 * @throws AtomclockError `replay/…`, `evidence/…`
 */
export async function replay(options: ReplayOptions, io: Io, onProgress: OnProgress): Promise<Replay> {
  const isFolder = await stat(options.source).then(
    (found) => found.isDirectory(),
    (cause: Error) => {
      throw new AtomclockError('replay/unreadable', `cannot read ${options.source}: ${cause.message}`, {
        exitCode: exitCodes.badInput,
        cause,
      });
    },
  );
  return isFolder ? replayFolder(options, io) : replayFile(options, io, onProgress);
}

async function replayFolder({ source, rules, placeholders: given }: ReplayOptions, io: Io): Promise<Replay> {
  keepHeapSmall();
  const file = await readEvidenceFile(source);
  // What is given now goes before what the run was given: a value may be the very thing that is tried out.
  const placeholders = { ...file.placeholders, ...given };
  const { book, isSpoilt: rulesSpoilt } =
    rules.length > 0
      ? loadBook(rules, io, 'ecs', placeholders)
      : { book: bookOf(file.rules, 'ecs', undefined, placeholders), isSpoilt: false };
  const say = (message: string): void => io.stderr.write(`${printableLines(message)}\n`);
  const judge = new RunJudge(book, file.run.sensors as SensorName[]);
  const missing = (file.planned ?? []).filter((id) => !file.cases.includes(id));
  let isSpoilt = rulesSpoilt;
  for (const [at, id] of file.cases.entries()) {
    io.signal.throwIfAborted();
    const read = await readOrTell(source, id, say);
    if (read === null) missing.push(id);
    else judge.add(judgeCase(read.evidence, read.events, book), at);
    isSpoilt ||= read === null || read.evidence.faults.some(({ code }) => code === 'evidence/damaged');
  }
  for (const id of await strayCases(source, file)) {
    say(`${join(source, 'cases', id)}: evidence.json does not name this case: it is not judged`);
  }
  const record = judge.finish({ ...file.run, ...(missing.length > 0 && { missing }) });
  const lines = missingCases(record);
  if (lines !== null) say(lines);
  return { record, isSpoilt };
}

/** One damaged case hides no other. */
async function readOrTell(
  source: string,
  id: string,
  say: (message: string) => void,
): Promise<RecordedEvidence | null> {
  try {
    const read = await readCase(source, id);
    for (const { code, message } of read.evidence.faults)
      if (code === 'evidence/damaged') say(`error: ${message}`);
    return read;
  } catch (error) {
    if (!(error instanceof AtomclockError)) throw error;
    say(`error: ${error.message}`);
    return null;
  }
}

async function replayFile(options: ReplayOptions, io: Io, onProgress: OnProgress): Promise<Replay> {
  keepHeapSmall();
  const { source, rules, fields } = options;
  const startedAt = new Date().toISOString();
  const { book, isSpoilt } = loadBook(rules, io, fields, options.placeholders);
  const say = (message: string): void => {
    io.stderr.write(`${printableLines(message)}\n`);
  };
  let unreadable = 0;
  const events = eventsOf(source, {
    signal: io.signal,
    zone: options.zone,
    timesMatter: book.rules.some(({ query }) => query.kind !== 'event'),
    onBytes: progressOf(source, await fileSize(source), onProgress),
    onUnreadable: (complaint) => {
      unreadable += 1;
      if (unreadable <= shownComplaints) say(complaint);
    },
    onNote: say,
  });
  const record = await judgeStream(events, book, {
    facts: () => bareFacts(startedAt),
    warn: say,
  });
  if (unreadable > shownComplaints) say(`${source}: ${unreadable} places in all could not be read`);
  return { record, isSpoilt: isSpoilt || unreadable > 0 };
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
function progressOf(file: string, size: number, onProgress: OnProgress): (bytes: number) => void {
  const step = Math.max(size / 10, 64 * 1024 * 1024);
  let read = 0;
  return (bytes) => {
    const before = Math.floor(read / step);
    read += bytes;
    if (Math.floor(read / step) === before) return;
    onProgress({ kind: 'note', message: `${file}: ${Math.round((100 * read) / size)} %` });
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
