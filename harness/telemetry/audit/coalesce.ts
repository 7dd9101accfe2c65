// Puts the records of one event together again: they share a serial number, and may come late, interleaved or never.

import { messageTypeNumber } from './message-types.ts';
import type { AuditRecord } from './record.ts';

export interface RecordGroup {
  readonly serial: number;
  /** In the order in which they came, without the end-of-event record. */
  readonly records: readonly AuditRecord[];
}

/** How many events may be open at once before the oldest is taken for complete. */
const openLimit = 64;
/** The same for an event that is old by the time of the newest record. */
const oldLimit = 5;
/** How long after its time an event still gets records (libaudit waits as long). */
const openMilliseconds = 2000;
/** Serial numbers further apart than this have wrapped around in between. */
const wrapDistance = 2 ** 24;
const serials = 2 ** 32;

interface OpenEvent {
  readonly serial: number;
  readonly time: number;
  readonly records: AuditRecord[];
  complete: boolean;
}

/**
 * Groups the records of one machine as they come; events leave in the order of their serial numbers.
 * Loss is counted by the gaps between them.
 */
export class Coalescer {
  /** Sorted by serial. */
  #open: OpenEvent[] = [];
  #last: number | undefined;
  #lost = 0;

  /** Takes one record and gives the events that are complete with it. */
  push(record: AuditRecord): RecordGroup[] {
    const event = this.#event(record);
    if (!event) return [];
    if (record.type === 'EOE') event.complete = true;
    else {
      event.records.push(record);
      event.complete ||= standsAlone(record.type) || record.type === 'PROCTITLE';
    }
    return this.#leave(({ complete, time }) => {
      const isOld = time + openMilliseconds < record.time;
      return complete || this.#open.length > (isOld ? oldLimit : openLimit);
    });
  }

  /**
   * Gives what is open and will get no more records: everything at the end of a log; at a moment before that, what is
   * complete, whatever comes before it, and what is too old.
   */
  flush(time = Number.POSITIVE_INFINITY): RecordGroup[] {
    const over = new Set(
      this.#open.filter((event) => event.complete || event.time + openMilliseconds < time),
    );
    this.#open = this.#open.filter((event) => !over.has(event));
    return [...over].map((event) => this.#close(event));
  }

  /** Events that must have been between those that came. */
  get lost(): number {
    const last = this.#last;
    const late = this.#open.filter(({ serial }) => last !== undefined && isBefore(serial, last)).length;
    return Math.max(0, this.#lost - late);
  }

  /** The event that a record belongs to; an end-of-event record begins none. */
  #event({ serial, time, type }: AuditRecord): OpenEvent | undefined {
    // Numbers begin anew with every boot: the time tells events of the same number apart.
    const known = this.#open.find((event) => event.serial === serial && event.time === time);
    if (known || type === 'EOE') return known;
    const event: OpenEvent = { serial, time, records: [], complete: false };
    const at = this.#open.findIndex((other) => isBefore(serial, other.serial));
    this.#open.splice(at < 0 ? this.#open.length : at, 0, event);
    return event;
  }

  #leave(mayLeave: (first: OpenEvent) => boolean): RecordGroup[] {
    const left: RecordGroup[] = [];
    for (let first = this.#open[0]; first && mayLeave(first); first = this.#open[0]) {
      this.#open.shift();
      left.push(this.#close(first));
    }
    return left;
  }

  #close({ serial, records }: OpenEvent): RecordGroup {
    this.#account(serial);
    return { serial, records };
  }

  #account(serial: number): void {
    if (this.#last === undefined || isBefore(this.#last, serial)) {
      if (this.#last !== undefined) this.#lost += distance(this.#last, serial) - 1;
      this.#last = serial;
    } else if (serial !== this.#last && this.#lost > 0) {
      // It came after all, only late.
      this.#lost -= 1;
    }
  }
}

const isBefore = (a: number, b: number): boolean => (Math.abs(a - b) >= wrapDistance ? a > b : a < b);
const distance = (from: number, to: number): number => (to - from + serials) % serials;

/** Records of user programs and of the audit daemon are events of one record; LOGIN is the kernel's, and may have company. */
function standsAlone(type: string): boolean {
  const number = messageTypeNumber(type);
  if (number === undefined || type === 'LOGIN') return false;
  return number < 1300 || number >= 2000;
}
