// What a look found about time zones: /etc/localtime, and the running daemons of cron with their own TZ.

/** /etc/localtime as it is. */
export interface Localtime {
  /** What the link names; null where it is no link. */
  readonly target: string | null;
  /** When the link, or the file, was put there: milliseconds since the epoch. */
  readonly changedMs: number;
  readonly content: Uint8Array;
}

/** A running process of a cron daemon. */
export interface CronProcess {
  readonly pid: number;
  readonly parent: number;
  /** Milliseconds after the machine's boot. */
  readonly startedAfterBootMs: number;
  readonly name: string;
  /** `TZ` of its environment; null where it has none. */
  readonly tz: string | null;
  /** The file of that zone in the target; empty where there is none. */
  readonly zoneFile: Uint8Array;
}

/**
 * What /proc says of a process, as far as its zone goes.
 * @param stat @source proc_pid_stat(5)
 * @returns undefined for what is no such line
 */
export function readProcess(stat: string): Pick<CronProcess, 'parent' | 'startedAfterBootMs'> | undefined {
  // Behind the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, ticks] = [Number(fields[1]), Number(fields[19])];
  return Number.isNaN(parent) || Number.isNaN(ticks)
    ? undefined
    : { parent, startedAfterBootMs: ticks * tickMs };
}

/** starttime is in clock ticks, which Linux tells programs as hundredths of a second. */
const tickMs = 10;
