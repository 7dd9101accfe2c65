// systemd's managers, the system's and users' own: where units lie, which of them schedule, who launches.

import { type ClockLever, untilNext } from './clock.ts';
import type { Place } from './place.ts';
import type { Scheduler } from './scheduler.ts';

/** systemd.unit(5), the load paths of the system manager; `control` and `attached` are written by systemctl and portablectl. */
export const systemUnits: readonly string[] = [
  '/etc/systemd/system',
  '/etc/systemd/system.control',
  '/etc/systemd/system.attached',
  '/run/systemd/system',
  '/run/systemd/system.control',
  '/run/systemd/system.attached',
  '/run/systemd/transient',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** The same of users' managers. */
export const userUnits: readonly string[] = [
  '~/.config/systemd/user',
  '~/.config/systemd/user.control',
  '~/.local/share/systemd/user',
  '/etc/systemd/user',
  '/run/systemd/user',
  '/run/user/*/systemd/user',
  '/run/user/*/systemd/user.control',
  '/run/user/*/systemd/transient',
  '/usr/local/lib/systemd/user',
  '/usr/local/share/systemd/user',
  '/usr/share/systemd/user',
  '/usr/lib/systemd/user',
  '/lib/systemd/user',
];

/** Whether packages fill it. */
export const isShipped = (folder: string): boolean => /^(?:(?:\/usr)?\/lib|\/usr\/share)\//.test(folder);

/** It is there where systemd is the machine's service manager (sd_booted(3)). */
export const bootedFolder = '/run/systemd/system';

/** Where a manager's timers are enabled, among its units. */
export const timersWanted = 'timers.target.wants';

const generated = [
  '/run/systemd/generator',
  '/run/systemd/generator.early',
  '/run/systemd/generator.late',
  '/run/user/*/systemd/generator',
  '/run/user/*/systemd/generator.early',
  '/run/user/*/systemd/generator.late',
];

/** systemd.generator(7): what is executed lies in these folders themselves. */
const generators = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].flatMap((root) =>
  ['system-generators', 'user-generators'].map((folder) => `${root}/systemd/${folder}`),
);

const below = (folders: readonly string[], role: Place['role']): Place[] =>
  folders.map((folder) => ({ path: `${folder}/**`, role }));

/** A timer may fire this much later than it says, where it does not tell (systemd.timer(5), AccuracySec=). */
const accuracyMs = 60_000;

/** Nothing moves a timer's clock: the manager's is the machine's. */
const clock: ClockLever = {
  dueIn: (schedule, _clock, nowMs) => {
    if (waitsForClockChange(schedule.when)) return Number.POSITIVE_INFINITY;
    // It waits for its service to end, was just triggered, or its manager is about to start.
    if (schedule.nextRun === undefined) return 0;
    return untilNext(schedule, nowMs) + (schedule.accuracyMs ?? accuracyMs);
  },
  jumpFor: () => null,
};

/** Whether that is all that elapses a timer; nobody changes the clock or its zone while a case runs. */
export function waitsForClockChange(when: string): boolean {
  return /^(?:On(?:Clock|Timezone)Change=yes ?)+$/.test(when);
}

/**
 * Whether a manager says that it is up: the units that it was to start are started, timers among them.
 * @source systemd, src/core/manager.c, manager_notify_finished
 */
export const saysUp = (message: string): boolean => message.startsWith('Startup finished in ');

/** One empty file for each user whose manager stays without a session. */
const lingerers = '/var/lib/systemd/linger';

export const systemd: Scheduler = {
  name: 'systemd',
  daemons: [{ program: '/usr/lib/systemd/systemd' }, { program: '/usr/lib/systemd/systemd-executor' }],
  units: [],
  places: [
    ...below(systemUnits, 'unit'),
    ...below(userUnits, 'unit'),
    ...below(generated, 'generated'),
    ...generators.map((folder) => ({ path: `${folder}/*`, role: 'generator' as const })),
    { path: `${lingerers}/*`, role: 'linger' },
    { path: '/var/lib/systemd/timers/*', role: 'note', isAsked: true },
    { path: '~/.local/share/systemd/timers/*', role: 'note', isAsked: true },
  ],
  logNames: ['systemd'],
  clock,
};

/**
 * Whether a file among units makes a timer, or makes one start, or starts with one: the timer, its drop-ins, a link that
 * wants it, what it wants.
 */
export const isOfTimer = (path: string): boolean =>
  /\/systemd\/.*(?:\.timer(?:$|\.(?:d|wants|requires|upholds)\/)|\.timer\/|timers\.target\.wants\/)/.test(
    path,
  );

/** Where managers keep the units that were only asked for (systemd-run, StartTransientUnit). */
export const isTransientUnit = (path: string): boolean =>
  /\/systemd\/transient\/[^/]+\.(?:timer|service|path|socket)$/.test(path);

/** The links by which managers enable and mask units. */
export const isUnitSetting = (path: string): boolean =>
  /\/systemd\/(?:system|user)\/(?:[^/]+\.(?:wants|requires)\/)?[^/]+\.(?:timer|service|path|socket)$/.test(
    path,
  );

/** The unit that a file belongs to: itself, or the one whose drop-in it is; undefined for links and other files. */
export const unitOfFile = (path: string): string | undefined =>
  /\/systemd\/(?:system|user|transient)\/([^/]+\.(?:timer|service))(?:\.d\/|$)/.exec(path)?.[1];

/** The login manager: it notes who lingers, and has their managers started. */
const loginManager = '/usr/lib/systemd/systemd-logind';

/** @param executable as the kernel tells it */
export const isLoginManager = (executable: string): boolean =>
  executable.replace(/^\/lib\//, '/usr/lib/') === loginManager;

/** The user whose manager stays without a session, by this file. */
export const lingererOf = (path: string): string | undefined =>
  path.startsWith(`${lingerers}/`) ? path.slice(lingerers.length + 1) : undefined;

/** A timer in the home of a user, templates left out. */
export function userTimerOf(path: string): { home: string; name: string } | undefined {
  const [, home = '', name = ''] =
    /^(\/.+)\/\.(?:config|local\/share)\/systemd\/user\/([^/@]+\.timer)$/.exec(path) ?? [];
  return name === '' ? undefined : { home, name };
}
