// The events of a bare file, whatever format it is in, as rules can look at them.

import { recordsOf } from '../content/event-file.ts';
import type { NumberedEvent } from '../engine/judge-stream.ts';
import type { EcsEvent } from '../model/event.ts';
import { AuditLogReader } from '../telemetry/audit/index.ts';
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
  const audit = new AuditLines();
  for await (const record of recordsOf(file, onBytes)) {
    signal.throwIfAborted();
    const { kind, line, text } = record;
    if (kind === 'json') yield { line, event: record.value };
    else if (kind === 'journal') yield { line, event: parseJournalJson(text, line) };
    else yield* audit.push(text, line);
  }
  yield* audit.end();
}

/** An event of the audit log is several lines; it is known by its first. */
class AuditLines {
  readonly #reader = new AuditLogReader();
  readonly #firstLines = new Map<number, number>();

  push(text: string, line: number): NumberedEvent[] {
    const serial = Number(/^.*?msg=audit\(\d+\.\d+:(\d+)\)/.exec(text)?.[1]);
    if (!this.#firstLines.has(serial)) this.#firstLines.set(serial, line);
    return this.#numbered(this.#reader.push(text));
  }

  end(): NumberedEvent[] {
    return this.#numbered(this.#reader.end());
  }

  #numbered(events: readonly EcsEvent[]): NumberedEvent[] {
    return events.map((event) => {
      const { sequence: serial } = event.auditd as { sequence: number };
      const line = this.#firstLines.get(serial) ?? 0;
      this.#firstLines.delete(serial);
      return { line, event };
    });
  }
}
