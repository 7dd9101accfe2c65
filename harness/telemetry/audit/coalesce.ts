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
/** How many lines of a log may stand between the records of an event that had seemed complete. */
const stragglerLines = 64;
/** How long after its time an event still gets records (libaudit waits as long). */
const openMilliseconds = 2000;
/** Serial numbers further apart than this have wrapped around in between. */
const wrapDistance = 2 ** 24;
const serials = 2 ** 32;

interface OpenEvent {
  readonly serial: number;
  readonly time: number;
  readonly records: AuditRecord[];
  /** The record that ends an event has come: in a log that was relayed, others may come after it. */
  complete: boolean;
  /** Nothing comes after it, since it has one record only. */
  readonly alone: boolean;
  /** The line at which the last of its records came. */
  line: number;
}

export interface CoalescerOptions {
  /** The records come as the kernel sends them, the end of an event last: then nobody has to wait for stragglers. */
  readonly inKernelOrder: boolean;
}

/**
 * Groups the records of one machine as they come; events leave in the order of their serial numbers, boot after boot.
 * Loss is counted by the gaps between them.
 */
export class Coalescer {
  readonly #options: CoalescerOptions;
  /** Sorted by serial, boot after boot. */
  #open: OpenEvent[] = [];
  #last: number | undefined;
  #lost = 0;
  #line = 0;
  /** The time of the latest record. */
  #now = Number.NEGATIVE_INFINITY;

  constructor(options: CoalescerOptions = { inKernelOrder: false }) {
    this.#options = options;
  }

  /** Takes one record and gives the events that are complete with it. */
  push(record: AuditRecord): RecordGroup[] {
    this.#line += 1;
    this.#now = record.time;
    const event = this.#event(record);
    if (event) {
      event.line = this.#line;
      if (record.type !== 'EOE') event.records.push(record);
      event.complete ||= record.type === 'EOE' || record.type === 'PROCTITLE' || event.alone;
    }
    return this.#leave();
  }

  /** Takes note of a line of the log that is no audit record, and gives the events that are complete by now. */
  pass(): RecordGroup[] {
    this.#line += 1;
    return this.#leave();
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
    const alone = standsAlone(type);
    const event: OpenEvent = { serial, time, records: [], complete: false, alone, line: this.#line };
    // A lower number of a later time is of the next boot; a clock that was set back leaves the numbers in order.
    const at = this.#open.findIndex(
      (other) => isBefore(serial, other.serial) && time <= other.time + openMilliseconds,
    );
    this.#open.splice(at < 0 ? this.#open.length : at, 0, event);
    return event;
  }

  #leave(): RecordGroup[] {
    const left: RecordGroup[] = [];
    for (let first = this.#open[0]; first && this.#mayLeave(first); first = this.#open[0]) {
      this.#open.shift();
      left.push(this.#close(first));
    }
    return left;
  }

  #mayLeave({ complete, alone, time, line }: OpenEvent): boolean {
    const isOld = time + openMilliseconds < this.#now;
    if (this.#open.length > (isOld ? oldLimit : openLimit)) return true;
    if (!complete) return false;
    return this.#options.inKernelOrder || alone || isOld || this.#line - line >= stragglerLines;
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
