// What a service manager knows of its timers and of what they activate: one question, a second one where the first
// brought up a unit that nobody could guess. It is asked over its socket, and by systemctl where that does not answer.

import type { ExecResult, Target } from '../../engine/ports.ts';
import { AtomclockError } from '../../model/errors.ts';
import type { Inventory } from '../../model/inventory.ts';
import { daemonUnits } from '../../schedulers/look.ts';
import type { BusValue, MethodCall } from './bus-message.ts';
import { ManagerBus } from './manager-bus.ts';
import { shownProperties } from './shown-properties.ts';
import { parseUnits } from './units.ts';

export interface ManagerAnswer {
  /** `system-units`, `user-units/alice`, `own-units/alice/tmp/run`. */
  readonly name: string;
  /** Blocks of the timers, `--`, blocks of what they activate; null where the manager does not answer. */
  readonly text: string | null;
  readonly problem?: string;
}

/** What is known before a manager is asked. */
export interface KnownUnits {
  /** Timers that lie where it looks: it may not have loaded them. */
  readonly names: readonly string[];
  /** Timers that it has loaded by itself. */
  readonly wanted: readonly string[];
  readonly earlier: Inventory | undefined;
}

const timerProperties = [
  ...['Id', 'Unit', 'TimersMonotonic', 'TimersCalendar', 'OnClockChange', 'OnTimezoneChange', 'LoadState'],
  ...['LoadError', 'ActiveState', 'SubState', 'UnitFileState', 'FragmentPath', 'DropInPaths', 'Transient'],
  ...['NextElapseUSecRealtime', 'NextElapseUSecMonotonic', 'LastTriggerUSec', 'LastTriggerUSecMonotonic'],
  ...['AccuracyUSec', 'Persistent', 'RemainAfterElapse'],
];
const serviceProperties = [
  ...[
    'Id',
    'LoadState',
    'LoadError',
    'ActiveState',
    'SubState',
    'ExecCondition',
    'ExecStartPre',
    'ExecStart',
  ],
  ...[
    'ExecStartPost',
    'User',
    'FragmentPath',
    'DropInPaths',
    'Transient',
    'UnitFileState',
    'Wants',
    'Requires',
  ],
  ...['BindsTo', 'Upholds', 'OnSuccess', 'OnFailure', 'EnvironmentFiles'],
];
const allProperties = [...new Set([...timerProperties, ...serviceProperties])];
/** With the job that is queued for a unit, which is waited for and not told. */
const namesAndJob: ReadonlySet<string> = new Set([...allProperties, 'Job']);

/** A manager that is not the system's. */
export interface UsersManager {
  readonly user: string;
  readonly uid: string;
  /** Its runtime folder, where it is not the user's own: somebody started it by hand, and systemctl cannot find it. */
  readonly folder?: string;
}

/**
 * Asks a manager.
 * @param owner whose it is; null is the system's
 * @returns null where there is no systemctl, and where one that was started by hand does not answer
 */
export async function askManager(
  target: Target,
  owner: UsersManager | null,
  { names, wanted, earlier }: KnownUnits,
): Promise<ManagerAnswer | null> {
  if (owner?.folder !== undefined) {
    const text = await tell(target, privateSocket(owner.folder), []);
    return text === undefined ? null : { name: ownUnits(owner.user, owner.folder), text };
  }
  const name = owner ? `user-units/${owner.user}` : 'system-units';
  const asked = new Set([
    ...(owner ? [] : daemonUnits),
    ...[...names, ...wanted].map((timer) => timer.replace(/timer$/, 'service')),
    ...activatedBefore(earlier, owner?.user ?? null),
  ]);
  const socket = privateSocket(owner ? `/run/user/${owner.uid}` : '/run');
  const told = await tell(target, socket, [...names, ...asked]);
  if (told) return { name, text: told };
  const first = await show(target, owner, allProperties, ['*.timer', ...names, ...asked]);
  if (first.exitCode === 127) return null;
  if (first.exitCode !== 0) {
    const who = owner ? `systemctl --user show as ${owner.user}` : 'systemctl show';
    return { name, text: null, problem: `${who}: ${(first.stdout + first.stderr).trim()}` };
  }
  const blocks = blocksOf(first.stdout);
  const timers = blocks.filter(isTimer);
  const services = blocks.filter((block) => !isTimer(block));
  const unknown = activatedBy(timers).filter((unit) => !asked.has(unit));
  if (unknown.length > 0) {
    const second = await show(target, owner, serviceProperties, unknown);
    services.push(...blocksOf(second.stdout));
  }
  return { name, text: textOf(timers, services) };
}

/** @source systemd, src/core/dbus.c, bus_init_private */
export const privateSocket = (runtimeFolder: string): string => `${runtimeFolder}/systemd/private`;

const ownUnits = (user: string, folder: string): string => `own-units/${user}${folder}`;

/** Whose manager, and by which folder, the name of an answer is of; undefined for those of the machine. */
export function ownManagerOf(name: string): { user: string; folder: string } | undefined {
  const [, user = '', folder = ''] = /^own-units\/([^/]*)(\/.*)$/s.exec(name) ?? [];
  return folder === '' ? undefined : { user, folder };
}

const textOf = (timers: readonly string[], services: readonly string[]): string =>
  `${timers.join('\n\n')}\n\n--\n${services.join('\n\n')}`;

/**
 * What a manager says over its own socket of these units, of the timers that it has loaded, and of what all of them
 * activate.
 * @returns undefined where it does not answer, or not as systemd would: systemctl says why
 * @source systemd, org.freedesktop.systemd1(5); src/systemctl/systemctl-show.c, systemctl-util.c (expand_unit_names)
 */
async function tell(target: Target, socket: string, units: readonly string[]): Promise<string | undefined> {
  try {
    using bus = await ManagerBus.open(target, socket);
    const blocks = new Map<string, string>();
    const jobs = new Map<string, number>();
    const ask = async (asked: Iterable<string>): Promise<void> => {
      const unknown = [...new Set(asked)].filter((unit) => !blocks.has(unit));
      const answers = await Promise.all(unknown.map((unit) => bus.call(allPropertiesOf(unit))));
      for (const [index, { body }] of answers.entries()) {
        const unit = unknown[index] as string;
        const properties = new Map(body.entries(namesAndJob));
        const job = properties.get('Job');
        properties.delete('Job');
        const id = Array.isArray(job) ? Number(job[0]) : 0;
        if (id > 0 && unit.endsWith('.timer')) jobs.set(unit, id);
        blocks.set(unit, shownProperties(properties));
      }
    };
    const [loaded] = await Promise.all([bus.call(loadedTimers), ask(units)]);
    await ask(namesOf(loaded.body.value('a(ssssssouso)') as readonly (readonly BusValue[])[]));
    // StartTransientUnit and `systemctl --no-block` return while the start is queued.
    if (jobs.size > 0) {
      await bus.jobsEnded([...jobs.values()]);
      for (const unit of jobs.keys()) blocks.delete(unit);
      await ask([...jobs.keys()]);
    }
    const timers = () => [...blocks.values()].filter(isTimer);
    await ask(activatedBy(timers()));
    return textOf(
      timers(),
      [...blocks.values()].filter((block) => !isTimer(block)),
    );
  } catch (error) {
    if (error instanceof AtomclockError) return undefined;
    throw error;
  }
}

const manager = 'org.freedesktop.systemd1.Manager';
const loadedTimers = {
  path: '/org/freedesktop/systemd1',
  interface: manager,
  member: 'ListUnitsByPatterns',
  arguments: [[], ['*.timer']],
};

/** Of the units in a list those that systemctl shows without being asked by name. */
const namesOf = (list: readonly (readonly BusValue[])[]): string[] =>
  list.flatMap(([name, , , active, , following, , job]) =>
    job !== 0 || (active !== 'inactive' && following === '') ? [String(name)] : [],
  );

/** A unit that is not loaded is loaded by it, as systemctl has it. */
const allPropertiesOf = (unit: string): MethodCall => ({
  path: `/org/freedesktop/systemd1/unit/${label(unit)}`,
  interface: 'org.freedesktop.DBus.Properties',
  member: 'GetAll',
  arguments: [''],
});

/** @source systemd, src/shared/bus-label.c, bus_label_escape */
const label = (name: string): string =>
  Buffer.from(name).reduce((text, byte, index) => {
    const letter = String.fromCharCode(byte);
    const isPlain = /[A-Za-z]/.test(letter) || (index > 0 && /[0-9]/.test(letter));
    return text + (isPlain ? letter : `_${byte.toString(16).padStart(2, '0')}`);
  }, '');

/** Times to the microsecond where systemctl can give them (since 248). */
async function show(
  target: Target,
  owner: { readonly user: string; readonly uid: string } | null,
  properties: readonly string[],
  units: readonly string[],
): Promise<ExecResult> {
  const ask = (exact: readonly string[], isClosed = false) =>
    target.exec(
      [
        ...(owner && isClosed ? pastModes(owner.uid) : []),
        ...['systemctl', owner ? '--user' : '--system', 'show', '--no-pager', ...exact],
        ...['-p', properties.join(','), '--', ...units],
      ],
      {
        ...(owner && !isClosed && { user: owner.user }),
        env: { LC_ALL: 'C', TZ: 'UTC', ...(owner && { XDG_RUNTIME_DIR: `/run/user/${owner.uid}` }) },
        timeoutMs: timeLimitMs,
      },
    );
  const exactly = ['--timestamp=us+utc'];
  let exact = await ask(exactly);
  const isClosed = owner !== null && exact.exitCode === mayNotExecute;
  if (isClosed) exact = await ask(exactly, isClosed);
  return exact.exitCode === 0 || exact.exitCode === 127 ? exact : ask([], isClosed);
}

/** What the agent says of a program that is there (as a shell does). */
const mayNotExecute = 126;

/**
 * How root runs a program as an account that may not execute it: systemctl talks to the manager of its own uid alone.
 * @source capabilities(7), CAP_DAC_OVERRIDE; systemd, src/shared/bus-util.c, bus_check_peercred
 */
const pastModes = (uid: string): string[] => [
  ...['setpriv', `--reuid=${uid}`, '--clear-groups'],
  ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
];

const timeLimitMs = 60_000;

const blocksOf = (text: string): string[] =>
  text
    .split(/\n\n+/)
    .map((block) => block.trimEnd())
    .filter((block) => block !== '');
const isTimer = (block: string): boolean => /^Id=.*\.timer$/m.test(block);

const activatedBy = (timers: readonly string[]): string[] => [
  ...new Set(parseUnits(timers.join('\n\n')).timers.flatMap(({ Unit }) => (Unit ? [Unit] : []))),
];

const activatedBefore = (earlier: Inventory | undefined, user: string | null): string[] =>
  (earlier?.schedules ?? []).flatMap(({ kind, unit, id }) =>
    unit &&
    !unit.transient &&
    (user === null ? kind === 'timer' : kind === 'user-timer' && id.startsWith(`user-timer:${user}:`))
      ? [unit.activates]
      : [],
  );

/** Names of timers among those in folders, templates left out: systemctl takes units, not files. */
export const unitNames = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name) => /^[\w:@][\w:.@-]*\.timer$/.test(name) && !name.endsWith('@.timer'))),
];
