// Judges a bare file of events.

import { fileSize } from '../content/event-file.ts';
import { judgeStream } from '../engine/judge/judge-stream.ts';
import type { RunFacts } from '../engine/judge/run-judge.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { OnRunFact } from '../model/run-event.ts';
import { eventsOf } from './event-stream.ts';
import { loadBook } from './load-content.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { Replayed } from './replayed.ts';
import type { ReplayRequest } from './request.ts';
import { harnessVersion } from './version.ts';
import type { World } from './world.ts';

/** More of them would bury the first. */
const shownProblems = 10;

/**
 * Judges by `--rules`, or by the bundled rules.
 * @throws AtomclockError `replay/…`
 */
export async function replayFile(
  request: ReplayRequest,
  { signal }: World,
  say: OnRunFact,
): Promise<Replayed> {
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
    facts: () => bareFacts(source, startedAt),
    warn: note,
  });
  if (unreadable > shownProblems) note(`${source}: ${unreadable} places in all could not be read`);
  return { record, hasErrors: hasErrors || unreadable > 0 };
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

/** Of the machine and the sensors that it came from nothing is known. */
const bareFacts = (file: string, startedAt: string): RunFacts => ({
  id: 'replay',
  file,
  startedAt,
  finishedAt: new Date().toISOString(),
  harness: harnessVersion(),
  host: { kernel: '', docker: '', cpus: 0, memory: 0 },
  sensors: [],
  clock: 'real',
  shard: null,
});
