// All schedulers together: which one a path, a program, a log line or a job belongs to.

import type { Schedule } from '../model/inventory.ts';
import { anacron } from './anacron.ts';
import { at } from './at.ts';
import type { BootFile, Clock, ClockJump, ClockLever } from './clock.ts';
import { cron } from './cron.ts';
import { machineClock } from './cron-clock.ts';
import { allPlaces, schedulers } from './list.ts';
import { type Place, placeFinder } from './place.ts';
import type { Scheduler, SchedulerName } from './scheduler.ts';
import { isOfTimer, systemd } from './systemd.ts';

export type { BootFile, Clock, ClockJump } from './clock.ts';
export type { RunningDaemon, SchedulerName } from './scheduler.ts';

/** What a path is to a scheduler; undefined where none reads or writes it. */
export const placeOf: (path: string) => Place | undefined = placeFinder(allPlaces);

/**
 * Whether a file of that name schedules something by being there. Allow and deny files, service units alone and at's
 * counter do not; an anacron note decides by its date whether a job is due; a generator is run whenever units are read.
 */
export function isSchedulePlace(path: string): boolean {
  const role = placeOf(path)?.role;
  switch (role) {
    case 'table':
    case 'job':
    case 'script':
    case 'generator':
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

/** Which scheduler speaks under this name in a log, letter case aside. */
export const schedulerSpeaking = (logName: string): SchedulerName | undefined =>
  schedulers.find(({ logNames }) => logNames.includes(logName.toLowerCase()))?.name;

/** Whether a daemon of schedulers runs as this service, as distributions have it. */
export const isDaemonUnit = (unit: string): boolean => schedulers.some(({ units }) => units.includes(unit));

/** Whether the daemon of this scheduler runs as this service, as distributions have it. */
export const isUnitOf = (scheduler: string, unit: string): boolean =>
  schedulers.some(({ name, units }) => name === scheduler && units.includes(unit));

/** Which scheduler asks PAM under this name. */
export const schedulerAskingAs = (pamService: string): SchedulerName | undefined =>
  schedulers.find(({ pamServices = [] }) => pamServices.includes(pamService))?.name;

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

/** Of daemons that are programs of their own; one of many names is a daemon only by its arguments. */
export const daemonPrograms: readonly string[] = schedulers.flatMap(({ daemons }) =>
  daemons.filter(({ applet }) => applet === undefined).map(({ program }) => program),
);

/** `crond -f`, `/usr/sbin/crond`, `busybox crond -f`. */
function isApplet(applet: string, args: readonly string[]): boolean {
  const names = args.slice(0, 2).map((arg) => arg.slice(arg.lastIndexOf('/') + 1));
  return names[0] === applet || (names[0] === 'busybox' && names[1] === applet);
}

/** Whose a schedule is to launch. */
export function schedulerFor({ kind, nextRun }: Pick<Schedule, 'kind' | 'nextRun'>): Scheduler {
  switch (kind) {
    case 'at':
      return at;
    case 'crontab':
    case 'system-crontab':
      return cron;
    case 'run-parts':
      // Without a time of its own it is anacron's to run.
      return nextRun === undefined ? anacron : cron;
    case 'anacron':
      return anacron;
    case 'timer':
    case 'user-timer':
      return systemd;
  }
}

/** The lever on the clock that a job waits for. */
export const clockOf = (schedule: Pick<Schedule, 'kind' | 'nextRun' | 'daemon'>): ClockLever =>
  schedule.daemon === undefined ? schedulerFor(schedule).clock : machineClock;

export const schedulerNamed = (name: SchedulerName): Scheduler =>
  schedulers.find((scheduler) => scheduler.name === name) ?? systemd;

/** What a target has before it boots, so that its schedulers' clocks are as asked for. */
export const bootFiles = (clock: Clock, now: Date): BootFile[] =>
  schedulers.flatMap((scheduler) => scheduler.clock.bootFiles?.(clock, now) ?? []);

/** Shell lines, for root in a bundled target and `set -e`, that move a scheduler's clock. */
export const clockMove = ({ scheduler, to }: ClockJump, nowMs: number): string[] =>
  schedulerNamed(scheduler).clock.moveTo?.(to, nowMs) ?? [];

/** Shell lines with the exit code 0 where every cron daemon that runs lives on the fast clock. */
export const fastClockQuestion = `for pid in $(systemctl show --property MainPID --value ${cron.units.join(' ')}) \
  $(pgrep -x '${processNames(cron).join('|')}'); do
  ! [ -r "/proc/$pid/environ" ] || grep -qz '^FAKETIME=' "/proc/$pid/environ" || exit 1
done`;

/** What /proc calls the processes of a scheduler's daemons. */
function processNames({ daemons }: Scheduler): string[] {
  const names = daemons.map(({ program, applet }) => applet ?? program.slice(program.lastIndexOf('/') + 1));
  return [...new Set(names)];
}
