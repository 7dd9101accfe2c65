// The audit sensor: Linux audit records as ECS events, live from a target or from a saved log.

import type { EcsEvent } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';
import { Coalescer, type RecordGroup } from './coalesce.ts';
import { auditEcsEvent } from './ecs.ts';
import { parseAuditLine } from './record.ts';

/**
 * Reads a raw audit log (auditd's, or the kernel's own stream) line by line; pure, keeps only open events in memory.
 * Lines that are no audit records are passed over.
 */
export function* parseAuditLog(
  lines: Iterable<string>,
  accounts: Accounts = noAccounts,
): Generator<EcsEvent> {
  const reader = new AuditLogReader(accounts);
  for (const line of lines) yield* reader.push(line);
  yield* reader.end();
}

/** The same, fed from outside: for logs that come in pieces. */
export class AuditLogReader {
  readonly #coalescer = new Coalescer();
  readonly #accounts: Accounts;
  #events = 0;

  constructor(accounts: Accounts = noAccounts) {
    this.#accounts = accounts;
  }

  /** The events that are complete with this line. */
  push(line: string): EcsEvent[] {
    const record = parseAuditLine(line);
    return record ? this.#map(this.#coalescer.push(record)) : [];
  }

  /** The events that were still open. */
  end(): EcsEvent[] {
    return this.#map(this.#coalescer.flush());
  }

  /** Events missing between those read, by their serial numbers. */
  get lost(): number {
    return this.#coalescer.lost;
  }

  #map(groups: readonly RecordGroup[]): EcsEvent[] {
    return groups
      .filter(({ records }) => records.length > 0)
      .map(({ records }) => {
        this.#events += 1;
        return auditEcsEvent(records, this.#events, this.#accounts);
      });
  }
}
