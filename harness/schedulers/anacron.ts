// anacron: its table, its notes of the day on which each job last ran, and how it is made to run them all.

import { type ClockLever, environmentFile, untilNext } from './clock.ts';
import type { Scheduler } from './scheduler.ts';

export const anacronTable = '/etc/anacrontab';
export const anacronProgram = '/usr/sbin/anacron';
const notes = '/var/spool/anacron';

/** Jobs of Debian's tables, the last since Debian 13. */
const periods = ['daily', 'weekly', 'monthly', 'yearly'];

const clock: ClockLever = {
  dueIn: (schedule, _clock, nowMs) => untilNext(schedule, nowMs),
  jumpFor: () => ({ scheduler: 'anacron', to: 'tomorrow' }),
  // A machine whose daily jobs have run today: else anacron starts them in the middle of a long case.
  bootFiles: (_clock, now) =>
    periods.map((period) => ({
      path: noteOf(`cron.${period}`),
      content: `${now.toISOString().slice(0, 10).replaceAll('-', '')}\n`,
    })),
  // Anacron asks its notes, not the clock, whether a job has run today: without notes every job is due.
  moveTo: () => [
    // Where its timer starts it, or the machine.
    `{ ! systemctl is-enabled anacron.service | grep -q masked && {
  systemctl is-active --quiet anacron.timer || systemctl is-enabled --quiet anacron.service; }; } || exit 0`,
    "args=$(sed -n 's/^ANACRON_ARGS=//p' /etc/default/anacron | tail -n1)",
    // Added to what it is given: an attack may have changed that.
    `printf 'ANACRON_ARGS=%s -n\\n' "$args" >${environmentFile('anacron')}`,
    `rm -f ${notes}/*`,
    'systemctl start --no-block anacron.service',
  ],
};

export const anacron: Scheduler = {
  name: 'anacron',
  daemons: [{ program: anacronProgram }],
  units: ['anacron.service'],
  places: [
    { path: anacronTable, role: 'table' },
    { path: `${notes}/*`, role: 'note' },
  ],
  logNames: ['anacron'],
  clock,
};

/**
 * The table that a process of anacron was given instead of its own; null where it was given none.
 * @source anacron(8), -t; main.c, getopt "sfundqt:TS:Vh"
 */
export function tableGiven(args: readonly string[]): string | null {
  for (const [at, arg] of args.entries()) {
    const [, rest] = /^-[^-St]*t(.*)$/s.exec(at === 0 ? '' : arg) ?? [];
    if (rest !== undefined) return rest === '' ? (args[at + 1] ?? null) : rest;
  }
  return null;
}

/** Where anacron notes when a job last ran. */
export function noteOf(job: string): string {
  return `${notes}/${job}`;
}

/** Whether a table's entry steps back where anacron is installed: Debian's /etc/crontab has `test -x … ||`. */
export const stepsBack = (command: string): boolean => command.includes(`-x ${anacronProgram} ||`);
