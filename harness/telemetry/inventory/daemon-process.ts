// What /proc says of a process that has the name of a scheduler's daemon: whether it is one, or what is left of one.

export interface DaemonProcess {
  readonly pid: number;
  readonly parent: number;
  /** The pid of what leads its session (setsid(2)); a daemon's forks have the daemon's. */
  readonly session: number;
  /** Milliseconds after the machine's boot. */
  readonly startedAfterBootMs: number;
  readonly name: string;
}

/**
 * @param stat @source proc_pid_stat(5)
 * @returns undefined for what is no such line
 */
export function readProcess(
  stat: string,
): Pick<DaemonProcess, 'parent' | 'session' | 'startedAfterBootMs'> | undefined {
  // Behind the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, session, ticks] = [Number(fields[1]), Number(fields[3]), Number(fields[19])];
  return Number.isNaN(parent) || Number.isNaN(ticks)
    ? undefined
    : { parent, session, startedAfterBootMs: ticks * tickMs };
}

/** starttime is in clock ticks, which Linux tells programs as hundredths of a second. */
const tickMs = 10;

/**
 * Whether it is a daemon, and no fork of one that was stopped, which goes on until its job has ended (systemd.kill(5),
 * KillMode=process). A daemon leads its session unless somebody started it in a terminal's or a script's.
 * @param former the daemon that was there before, where it is known
 */
export const isDaemon = (
  { pid, session }: Pick<DaemonProcess, 'pid' | 'session'>,
  former: number | undefined,
): boolean => pid === session || (former !== undefined && session !== former);
