// The audit sensor: Linux audit records as ECS events, live from a target or from a saved log.

import type { EcsEvent } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';
import { Coalescer, type RecordGroup } from './coalesce.ts';
import { auditEcsEvent } from './ecs.ts';
import { isLaurelEvent, laurelRecords } from './laurel.ts';
import { parseAuditLine } from './record.ts';

/** An event, and the line of the log on which its first record stands. */
export interface LoggedEvent {
  readonly line: number;
  readonly event: EcsEvent;
}

/**
 * Reads a raw audit log (auditd's, or the kernel's own stream) line by line; pure, keeps only open events in memory.
 * Lines that are no audit records are passed over.
 */
export function* parseAuditLog(
  lines: Iterable<string>,
  accounts: Accounts = noAccounts,
): Generator<EcsEvent> {
  const reader = new AuditLogReader(accounts);
  for (const line of lines) for (const { event } of reader.push(line) ?? []) yield event;
  for (const { event } of reader.end()) yield event;
}

/** The same, fed from outside: for logs that come in pieces. */
export class AuditLogReader {
  /** Machines number their events apart. */
  readonly #coalescers = new Map<string | undefined, Coalescer>();
  readonly #accounts: Accounts;
  #events = 0;

  constructor(accounts: Accounts = noAccounts) {
    this.#accounts = accounts;
  }

  /**
   * The events that are complete with this line.
   * @param number of the line, from 1
   * @param host that the line came from, for records that do not name their machine
   * @returns undefined for a line that is no audit record
   */
  push(line: string, number = 0, host?: string): LoggedEvent[] | undefined {
    const read = parseAuditLine(line, number);
    if (!read) return undefined;
    const record = read.node === undefined && host !== undefined ? { ...read, node: host } : read;
    const coalescer = this.#coalescers.get(record.node) ?? new Coalescer();
    this.#coalescers.set(record.node, coalescer);
    return this.#map(coalescer.push(record));
  }

  /**
   * The event that an object of Laurel's holds, which is complete.
   * @returns undefined for what is none of Laurel's
   */
  take(value: object, line: number): LoggedEvent[] | undefined {
    return isLaurelEvent(value) ? this.#map([{ records: laurelRecords(value, line) }]) : undefined;
  }

  /** The events that are complete since another line has come between, which is no audit record. */
  pass(): LoggedEvent[] {
    return [...this.#coalescers.values()].flatMap((coalescer) => this.#map(coalescer.pass()));
  }

  /** The events that were still open. */
  end(): LoggedEvent[] {
    return [...this.#coalescers.values()].flatMap((coalescer) => this.#map(coalescer.flush()));
  }

  /** Events missing between those read, by their serial numbers. */
  get lost(): number {
    return [...this.#coalescers.values()].reduce((sum, { lost }) => sum + lost, 0);
  }

  #map(groups: readonly Pick<RecordGroup, 'records'>[]): LoggedEvent[] {
    return groups.flatMap(({ records }) => {
      const [first] = records;
      if (!first) return [];
      this.#events += 1;
      return [{ line: first.line, event: auditEcsEvent(records, this.#events, this.#accounts) }];
    });
  }
}
