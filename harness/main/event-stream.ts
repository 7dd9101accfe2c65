// The events of a bare file, whatever format it is in, as rules can look at them.

import { type Reading, recordsOf } from '../content/event-file.ts';
import type { NumberedEvent } from '../engine/judge/numbered-event.ts';
import { isLaurelEvent } from '../telemetry/audit/laurel.ts';
import { journalEntryOf } from '../telemetry/journal/entry.ts';
import type { LogFileReader } from '../telemetry/log-file.ts';
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
 * Streams a file of ECS or Sigma records, journal JSON, audit log (raw, or Laurel's JSON), syslog or Sysmon for Linux.
 * @throws AtomclockError `replay/…`; the signal's reason
 */
export async function* eventsOf(file: string, reading: EventReading): AsyncGenerator<NumberedEvent> {
  let log: LogFileReader | undefined;
  for await (const records of recordsOf(file, reading)) {
    reading.signal.throwIfAborted();
    for (const record of records) {
      const { line } = record;
      if (record.kind === 'text') {
        log ??= await logReader(file, reading);
        yield* log.push(record.text, line, record.written);
        continue;
      }
      const { value } = record;
      const entry = journalEntryOf(value);
      if (entry === undefined && !isLaurelEvent(value)) yield { line, event: value };
      else {
        log ??= await logReader(file, reading);
        yield* entry ? log.take(entry, line) : log.takeAudit(value, line);
      }
    }
  }
  if (log === undefined) return;
  yield* log.end();
  if (log.note !== undefined) reading.onNote(log.note);
  if (log.zoneNote !== undefined && reading.timesMatter && reading.zone === null)
    reading.onNote(log.zoneNote);
}

/** Loaded when a file is a log: events need none of it. */
async function logReader(file: string, { zone }: EventReading): Promise<LogFileReader> {
  const { LogFileReader } = await import('../telemetry/log-file.ts');
  return new LogFileReader(file, new Date(), { clock: zone === null ? undefined : zoneClock(zone) });
}
