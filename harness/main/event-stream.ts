// The events of a bare file, whatever format it is in, as rules can look at them.

import { type FileRecord, type Reading, recordsOf } from '../content/event-file.ts';
import type { NumberedEvent } from '../engine/judge/numbered-event.ts';
import { isLaurelEvent } from '../telemetry/audit/laurel.ts';
import { isJournalEntry, journalEntryOf } from '../telemetry/journal/entry.ts';
import type { LogFileReader } from '../telemetry/log-file.ts';
import { productEvent } from '../telemetry/products/index.ts';
import { zoneClock } from '../telemetry/wall-clock.ts';

export interface EventReading extends Reading {
  readonly signal: AbortSignal;
  /** Where a log without zones was written; null: its audit records tell, else UTC. */
  readonly zone: string | null;
  /** Whether rules ask for the order of events of different clocks: how times were read matters to them. */
  readonly timesMatter: boolean;
  /** Told at the end what lines of a log were passed over, and how its times were read. */
  onNote(note: string): void;
}

/**
 * Streams a file of ECS or Sigma records, journal JSON, audit log (raw, or Laurel's JSON), syslog, Sysmon for Linux, or
 * JSON of Falco, Tetragon or osquery: in one go, to be taken before the next, as many events as were read at once.
 * @throws AtomclockError `replay/…`; the signal's reason
 */
export async function* eventsOf(
  file: string,
  reading: EventReading,
): AsyncGenerator<Iterable<NumberedEvent>> {
  let log: LogFileReader | undefined;
  for await (const records of recordsOf(file, reading)) {
    reading.signal.throwIfAborted();
    const rest = records[Symbol.iterator]();
    const ofLog: FileRecord[] = [];
    yield eventsIn(rest, log, ofLog);
    for (const record of ofLog) {
      log = await logReader(file, reading);
      yield logged(record, log);
      yield eventsIn(rest, log, []);
    }
  }
  if (log === undefined) return;
  yield log.end();
  if (log.note !== undefined) reading.onNote(log.note);
  if (log.zoneNote !== undefined && reading.timesMatter && reading.zone === null)
    reading.onNote(log.zoneNote);
}

/**
 * One after the other, as they are asked for.
 * @param log what reads the records of a log; without it they end at the first of them, which is put into `ofLog`
 */
function* eventsIn(
  records: Iterator<FileRecord>,
  log: LogFileReader | undefined,
  ofLog: FileRecord[],
): Generator<NumberedEvent> {
  for (let next = records.next(); !next.done; next = records.next()) {
    const record = next.value;
    if (record.kind === 'object' && !isJournalEntry(record.value) && !isLaurelEvent(record.value))
      yield { line: record.line, event: productEvent(record.value) ?? record.value };
    else if (log !== undefined) yield* logged(record, log);
    else {
      ofLog.push(record);
      return;
    }
  }
}

function logged(record: FileRecord, log: LogFileReader): Iterable<NumberedEvent> {
  const { line } = record;
  if (record.kind === 'text') return log.push(record.text, line, record.written);
  const { value } = record;
  const entry = journalEntryOf(value);
  if (entry !== undefined) return log.take(entry, line);
  return isLaurelEvent(value) ? log.takeAudit(value, line) : [{ line, event: productEvent(value) ?? value }];
}

/** Loaded when a file is a log: events need none of it. */
async function logReader(file: string, { zone }: EventReading): Promise<LogFileReader> {
  const { LogFileReader } = await import('../telemetry/log-file.ts');
  return new LogFileReader(file, new Date(), { clock: zone === null ? undefined : zoneClock(zone) });
}
