// Timers of the system's manager and of the users' managers, with the command that each would start.

import type { Schedule } from '../../model/inventory.ts';
import { lingererOf, userTimerOf } from '../../schedulers/systemd.ts';
import type { Dump } from './dump.ts';
import { ownManagerOf } from './manager.ts';
import { commandLines, parseUnits, type UnitProperties, unitSpan, unitTime } from './units.ts';

/** Every timer that a manager knows or that lies where one would look. */
export function timerSchedules(dump: Dump): Schedule[] {
  const schedules: Schedule[] = [];
  for (const [name, section] of dump.sections) {
    if (name === 'system-units') schedules.push(...managerTimers(dump, section, null));
    else if (name.startsWith('user-units/'))
      schedules.push(...managerTimers(dump, section, name.slice('user-units/'.length)));
    const own = ownManagerOf(name);
    if (own) schedules.push(...managerTimers(dump, section, own.user, `${own.folder}:`));
  }
  return [...schedules, ...unmanagedTimers(dump)];
}

/** @param place what tells the timers of a manager that was started by hand from those of the machine's */
function managerTimers(dump: Dump, section: string, owner: string | null, place = ''): Schedule[] {
  const { timers, activated } = parseUnits(section);
  const present = timers.filter((timer) => !hasGone(dump, timer));
  return present.map((timer) => {
    const name = timer.Id ?? '';
    const activates = timer.Unit || name.replace(/\.timer$/, '.service');
    const service = activated.get(activates);
    const nextRun = nextElapse(dump, timer);
    const lastRun = unitTime(timer.LastTriggerUSec);
    const accuracyMs = unitSpan(timer.AccuracyUSec);
    const inert = lastRun === undefined ? whyNever(timer, activates, service) : undefined;
    const programs = programsOf(service);
    const pulls = pulledBy(service);
    const reads = environmentFiles(service);
    return {
      kind: owner === null ? 'timer' : 'user-timer',
      id: owner === null ? `timer:${name}` : `user-timer:${owner}:${place}${name}`,
      user: owner ?? (service?.User || 'root'),
      when: whenOf(timer),
      command: programs.map(({ command }) => command).join('; '),
      file: timer.FragmentPath || null,
      unit: {
        timer: name,
        activates,
        active: timer.ActiveState === 'active',
        transient: timer.Transient === 'yes',
        programs,
        ...(pulls.length > 0 ? { pulls } : {}),
        ...(reads.length > 0 ? { reads } : {}),
      },
      ...(nextRun ? { nextRun } : {}),
      ...(lastRun ? { lastRun } : {}),
      ...(accuracyMs === undefined ? {} : { accuracyMs }),
      ...(inert ? { inert } : {}),
    };
  });
}

/**
 * A transient timer goes when it has elapsed and its service has ended: between the look at its folder and the question
 * to its manager, for example.
 */
const hasGone = ({ files }: Dump, { Id, LoadState }: UnitProperties): boolean =>
  LoadState === 'not-found' && !files.some(({ path }) => path.endsWith(`/${Id}`));

/** All that the service runs when it is started, in that order. */
const programsOf = (service: UnitProperties | undefined): { command: string; main: boolean }[] =>
  ['ExecCondition', 'ExecStartPre', 'ExecStart', 'ExecStartPost'].flatMap((setting) =>
    commandLines(service?.[setting] ?? '').map((command) => ({ command, main: setting === 'ExecStart' })),
  );

/** Files whose lines become the environment of what the service runs. */
const environmentFiles = (service: UnitProperties | undefined): string[] =>
  (service?.EnvironmentFiles ?? '')
    .split('\n')
    .flatMap((line) => /^(\/.*) \(ignore_errors=\w+\)$/.exec(line)?.[1] ?? []);

/** Services that a unit takes along; what every unit has is no service. */
const pulledBy = (unit: UnitProperties | undefined): string[] =>
  ['Wants', 'Requires', 'BindsTo', 'Upholds', 'OnSuccess', 'OnFailure'].flatMap((setting) =>
    (unit?.[setting] ?? '').split(' ').filter((name) => name.endsWith('.service')),
  );

/** `OnCalendar=hourly`, `OnBootSec=15min OnUnitActiveSec=1d`: the timer's own settings, as systemd normalised them. */
function whenOf(timer: UnitProperties): string {
  const settings = `${timer.TimersMonotonic ?? ''}\n${timer.TimersCalendar ?? ''}`;
  const specs = [...settings.matchAll(/\{ (On\w+)=(.*?) ; next_elapse=/g)].map(
    ([, name = '', value = '']) => `${name.replace(/USec$/, 'Sec')}=${value}`,
  );
  if (timer.OnClockChange === 'yes') specs.push('OnClockChange=yes');
  if (timer.OnTimezoneChange === 'yes') specs.push('OnTimezoneChange=yes');
  return specs.sort().join(' ');
}

/** The earlier of the two clocks that a timer may run on; monotonic times count from the machine's boot. */
function nextElapse(dump: Dump, timer: UnitProperties): string | undefined {
  const realtime = unitTime(timer.NextElapseUSecRealtime);
  const span = unitSpan(timer.NextElapseUSecMonotonic);
  const monotonic =
    span === undefined ? undefined : new Date(dump.nowMs - dump.uptimeMs + span).toISOString();
  if (realtime === undefined || monotonic === undefined) return realtime ?? monotonic;
  return Date.parse(realtime) < Date.parse(monotonic) ? realtime : monotonic;
}

function whyNever(
  timer: UnitProperties,
  activates: string,
  service: UnitProperties | undefined,
): string | undefined {
  const name = timer.Id ?? '';
  if (timer.LoadState !== 'loaded')
    return `${name} is ${timer.LoadState}${timer.LoadError ? `: ${timer.LoadError.replace(/^\S+ "?|"?$/g, '')}` : ''}`;
  if (service && service.LoadState === 'not-found')
    return `${activates}, which ${name} activates, does not exist`;
  if (service && service.LoadState === 'masked') return `${activates}, which ${name} activates, is masked`;
  if (timer.ActiveState === 'active')
    return timer.SubState === 'elapsed'
      ? `${name} is active (elapsed) and has no next run: ${whenOf(timer)} names no time to come`
      : undefined;
  if (timer.ActiveState === 'failed') return `${name} has failed`;
  const enabled = timer.UnitFileState?.startsWith('enabled')
    ? ' and enabled: it starts with the next boot only'
    : '';
  return `${name} is ${timer.ActiveState} (${timer.SubState})${enabled || ' and not enabled'}`;
}

/** Timers of users whose manager is not running: files only, read as far as they say when and what. */
function unmanagedTimers(dump: Dump): Schedule[] {
  const owners = new Map([...dump.accounts.homes].map(([name, home]) => [home, name]));
  const lingering = new Set(dump.files.flatMap(({ path }) => lingererOf(path) ?? []));
  return dump.files.flatMap((file): Schedule[] => {
    const { home = '', name = '' } = userTimerOf(file.path) ?? {};
    const owner = owners.get(home);
    if (owner === undefined || dump.sections.has(`user-units/${owner}`)) return [];
    const settings = unitFile(file.content ?? '');
    const activates = settings.get('Unit')?.at(-1) ?? name.replace(/\.timer$/, '.service');
    const service = dump.files.find(({ path }) => path === file.path.replace(/[^/]+$/, activates));
    return [
      {
        kind: 'user-timer',
        id: `user-timer:${owner}:${name}`,
        user: owner,
        when: [...settings]
          .filter(([key]) => key.startsWith('On'))
          .flatMap(([key, values]) => values.map((value) => `${key}=${value}`))
          .sort()
          .join(' '),
        command: (unitFile(service?.content ?? '').get('ExecStart') ?? []).join('; '),
        file: file.path,
        unit: { timer: name, activates, active: false, transient: false },
        // One who lingers has a manager soon: logind was told just now, or it starts with the next boot.
        ...(lingering.has(owner)
          ? {}
          : {
              inert: `${owner}'s service manager is not running: nothing reads this file until ${owner} logs in or lingers`,
            }),
      },
    ];
  });
}

/** Settings of a unit file, whatever their section; an empty assignment clears what came before, as systemd has it. */
function unitFile(content: string): ReadonlyMap<string, string[]> {
  const settings = new Map<string, string[]>();
  for (const line of content.replace(/\\\n/g, ' ').split('\n')) {
    const [, key = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === '') continue;
    if (value === '') settings.delete(key);
    else settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  return settings;
}
