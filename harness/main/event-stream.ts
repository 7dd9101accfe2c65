// The events of a bare file, whatever format it is in, as rules can look at them.

import { type Reading, recordsOf } from '../content/event-file.ts';
import type { NumberedEvent } from '../engine/judge/numbered-event.ts';
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
 * Streams a file of ECS or Sigma records, journal JSON, raw audit log, syslog or Sysmon for Linux.
 * @throws AtomclockError `replay/…`; the signal's reason
 */
export async function* eventsOf(file: string, reading: EventReading): AsyncGenerator<NumberedEvent> {
  let log: LogFileReader | undefined;
  for await (const records of recordsOf(file, reading)) {
    reading.signal.throwIfAborted();
    for (const record of records) {
      const { line } = record;
      const entry = record.kind === 'text' ? undefined : journalEntryOf(record.value);
      if (record.kind === 'object' && entry === undefined) yield { line, event: record.value };
      else {
        log ??= await logReader(file, reading);
        if (record.kind === 'text') yield* log.push(record.text, line);
        else if (entry !== undefined) yield* log.take(entry, line);
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
