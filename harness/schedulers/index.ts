// All schedulers together: which one a path, a program or a log line belongs to. The only place that lists them.

import { anacron } from './anacron.ts';
import { at } from './at.ts';
import { cron } from './cron.ts';
import { type Place, placeFinder, startOf } from './place.ts';
import { runPartsPlaces } from './run-parts.ts';
import type { Scheduler, SchedulerName } from './scheduler.ts';
import { isOfTimer, systemd } from './systemd.ts';

export type { SchedulerName } from './scheduler.ts';

const schedulers: readonly Scheduler[] = [at, cron, anacron, systemd];

/** The more exact first: at's spool lies in cron's. */
const allPlaces: readonly Place[] = [...schedulers.flatMap(({ places }) => places), ...runPartsPlaces];

/** What a path is to a scheduler; undefined where none reads or writes it. */
export const placeOf: (path: string) => Place | undefined = placeFinder(allPlaces);

/**
 * Whether a file of that name schedules something by being there. Allow and deny files, service units alone and at's
 * counter do not; an anacron note decides by its date whether a job is due.
 */
export function isSchedulePlace(path: string): boolean {
  const role = placeOf(path)?.role;
  switch (role) {
    case 'table':
    case 'job':
    case 'script':
      return true;
    case 'note':
      return path.startsWith('/var/spool/anacron/');
    case 'unit':
    case 'generated':
      return isOfTimer(path);
    default:
      return false;
  }
}

/** Whether daemons write it for themselves: that it changed tells nothing of what is scheduled. */
export const isDaemonNote = (path: string): boolean => placeOf(path)?.role === 'note';

/** Where a look at everything schedulable begins: folders and files, `*` for any one name, `~` for any home. */
export const startingPoints: readonly string[] = [...new Set(allPlaces.map(startOf))];

/** Which scheduler speaks under this name in a log, letter case aside. */
export const schedulerSpeaking = (logName: string): SchedulerName | undefined =>
  schedulers.find(({ logNames }) => logNames.includes(logName.toLowerCase()))?.name;

/**
 * The scheduler that a process is the daemon of; undefined for any other. By the canonical path of distributions: a
 * copied shell named crond is none.
 * @param args the process's arguments, for programs of many names
 */
export function schedulerOfProgram(
  executable: string,
  args: readonly string[] = [],
): SchedulerName | undefined {
  const program = executable.replace(/^\/(s?bin|lib)\//, '/usr/$1/');
  return schedulers.find(({ daemons }) =>
    daemons.some(
      (daemon) =>
        daemon.program === program && (daemon.applet === undefined || isApplet(daemon.applet, args)),
    ),
  )?.name;
}

/** `crond -f`, `/usr/sbin/crond`, `busybox crond -f`. */
function isApplet(applet: string, args: readonly string[]): boolean {
  const names = args.slice(0, 2).map((arg) => arg.slice(arg.lastIndexOf('/') + 1));
  return names[0] === applet || (names[0] === 'busybox' && names[1] === applet);
}
