// What a look found about time zones: /etc/localtime, and the running daemons of cron with their own TZ.

import type { DaemonProcess } from './daemon-process.ts';

/** /etc/localtime as it is. */
export interface Localtime {
  /** What the link names; null where it is no link. */
  readonly target: string | null;
  /** When the link, or the file, was put there: milliseconds since the epoch. */
  readonly changedMs: number;
  readonly content: Uint8Array;
}

/** A running process of a cron daemon. */
export interface CronProcess extends Omit<DaemonProcess, 'session'> {
  /** `TZ` of its environment; null where it has none. */
  readonly tz: string | null;
  /** The file of that zone in the target; empty where there is none. */
  readonly zoneFile: Uint8Array;
}
