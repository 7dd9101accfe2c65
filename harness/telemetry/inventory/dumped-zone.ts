// What the inventory script printed about time zones: /etc/localtime, and the running daemons of cron with their own TZ.

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

export function readLocaltime(section: string | undefined): Localtime | undefined {
  if (section === undefined) return undefined;
  const [target = '-', changed = '', content = ''] = section.split('\n');
  return {
    target: target === '-' ? null : target,
    changedMs: Number(changed) * 1000 || 0,
    content: Buffer.from(content, 'base64'),
  };
}

/** Three lines each: the process, `=` and its TZ, the file. */
export function readCronDaemons(section: string): CronProcess[] {
  const processes: CronProcess[] = [];
  const lines = section.split('\n');
  for (let index = 0; index < lines.length; index += 3) {
    const [head = '', tz = '', file = ''] = lines.slice(index, index + 3);
    const [, pid, parent, ticks, name = ''] = /^(\d+) (\d+) (\d+) (.*)$/.exec(head) ?? [];
    if (pid === undefined) continue;
    processes.push({
      pid: Number(pid),
      parent: Number(parent),
      startedAfterBootMs: Number(ticks) * tickMs,
      name,
      tz: tz.startsWith('=') ? tz.slice(1) : null,
      zoneFile: Buffer.from(file, 'base64'),
    });
  }
  return processes;
}

/** @source proc_pid_stat(5), starttime: in clock ticks, which Linux tells programs as hundredths of a second. */
const tickMs = 10;
