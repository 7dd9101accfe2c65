// What a service manager knows of its timers and of what they activate: one question, a second one where the first
// brought up a unit that nobody could guess.

import type { ExecResult, Found, Target } from '../../engine/ports.ts';
import type { Inventory } from '../../model/inventory.ts';
import { daemonUnits } from '../../schedulers/look.ts';
import { parseUnits } from './units.ts';

export interface ManagerAnswer {
  /** `system-units`, `user-units/alice`. */
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
  ...['BindsTo', 'Upholds', 'OnSuccess', 'OnFailure'],
];
const allProperties = [...new Set([...timerProperties, ...serviceProperties])];

/**
 * Asks a manager.
 * @param owner whose it is; null is the system's
 * @returns null where there is no systemctl
 */
export async function askManager(
  target: Target,
  owner: { readonly user: string; readonly uid: string } | null,
  { names, wanted, earlier }: KnownUnits,
): Promise<ManagerAnswer | null> {
  const name = owner ? `user-units/${owner.user}` : 'system-units';
  const asked = new Set([
    ...(owner ? [] : daemonUnits),
    ...[...names, ...wanted].map((timer) => timer.replace(/timer$/, 'service')),
    ...activatedBefore(earlier, owner?.user ?? null),
  ]);
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
  return { name, text: `${timers.join('\n\n')}\n\n--\n${services.join('\n\n')}` };
}

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
export const unitNames = (found: readonly Found[]): string[] => [
  ...new Set(
    found
      .map(({ path }) => path)
      .filter((name) => /^[\w:@][\w:.@-]*\.timer$/.test(name) && !name.endsWith('@.timer')),
  ),
];
