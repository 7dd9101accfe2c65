// The events of a bare file, whatever format it is in, as rules can look at them.

import { recordsOf } from '../content/event-file.ts';
import type { NumberedEvent } from '../engine/judge-stream.ts';
import { parseJournalJson } from '../telemetry/journal/index.ts';

/**
 * Streams a file of ECS or Sigma records, journal JSON or raw audit log.
 * @param onBytes called with the size of each piece that was read
 * @throws AtomclockError `replay/…`, `journal/not-json`; the signal's reason
 */
export async function* eventsOf(
  file: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): AsyncGenerator<NumberedEvent> {
  for await (const record of recordsOf(file, onBytes)) {
    signal.throwIfAborted();
    const { kind, line } = record;
    if (kind === 'json') yield { line, event: record.value };
    else if (kind === 'journal') yield { line, event: parseJournalJson(record.text, line) };
  }
}
