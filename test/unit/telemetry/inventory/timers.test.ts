// Timers as systemctl tells of them: when, what, who, next and last, and those that never elapse.

import { describe, expect, it } from 'vitest';
import type { BusValue } from '../../../../harness/telemetry/inventory/bus-message.ts';
import { shownProperties } from '../../../../harness/telemetry/inventory/shown-properties.ts';
import { commandLines, unitSpan, unitTime } from '../../../../harness/telemetry/inventory/units.ts';
import { dump, type MadeFile } from './archive.ts';
import { parseInventory } from './script-dump.ts';

const exec = (argv: string) =>
  `ExecStart={ path=/bin/x ; argv[]=${argv} ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }`;
const timer = (changes: Record<string, string> = {}) =>
  Object.entries({
    Unit: 'x.service',
    NextElapseUSecRealtime: '',
    NextElapseUSecMonotonic: '0',
    LastTriggerUSec: '',
    Id: 'x.timer',
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'waiting',
    FragmentPath: '/etc/systemd/system/x.timer',
    Transient: 'no',
    UnitFileState: 'enabled',
    ...changes,
  })
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
const service = `${exec('/bin/sh -c a ; b')}\nUser=alice\nId=x.service\nLoadState=loaded`;
const first = (units: string, files: MadeFile[] = []) =>
  parseInventory(dump({ sections: { 'system-units': units }, files })).schedules[0];

describe('a timer that its manager does not find', () => {
  const units = timer({ LoadState: 'not-found', ActiveState: 'inactive', LoadError: '' });

  it('has gone while the inventory was taken', () => {
    expect(first(`${units}\n\n--\n`)).toBeUndefined();
  });

  it('is listed where a link to it is left', () => {
    const path = '/etc/systemd/system/timers.target.wants/x.timer';
    const link = { path, link: '/etc/systemd/system/x.timer' };
    expect(first(`${units}\n\n--\n`, [link])?.inert).toBe('x.timer is not-found');
  });
});

it('a timer knows from which files its service has its environment, as either answer of the manager has them', () => {
  const said = shownProperties(
    new Map<string, BusValue>([
      [
        'EnvironmentFiles',
        [
          ['/etc/default/a b', true],
          ['/opt/env', false],
        ],
      ],
      ['Id', 'x.service'],
    ]),
  );
  // systemctl show of systemd 252.
  const shown =
    'EnvironmentFiles=/etc/default/a b (ignore_errors=yes)\nEnvironmentFiles=/opt/env (ignore_errors=no)\nId=x.service';
  expect(said).toBe(shown);
  expect(first(`${timer()}\n\n--\n${shown}\nLoadState=loaded`)?.unit?.reads).toEqual([
    '/etc/default/a b',
    '/opt/env',
  ]);
  expect(first(`${timer()}\n\n--\n${service}`)?.unit?.reads).toBeUndefined();
});

it('a timer of a manager that was started by hand is told from a namesake of the user', () => {
  const units = `${timer()}\n\n--\n${service}`;
  const sections = { 'own-units/root/var/lib/um/run': units, 'user-units/root': units };
  expect(
    parseInventory(dump({ sections, files: [] })).schedules.map(({ kind, id, user }) => [kind, id, user]),
  ).toEqual([
    ['user-timer', 'user-timer:root:/var/lib/um/run:x.timer', 'root'],
    ['user-timer', 'user-timer:root:x.timer', 'root'],
  ]);
});

describe('a timer of the system', () => {
  it('has everything that a report or a rule asks for', () => {
    const units = `${timer({
      TimersMonotonic:
        '{ OnUnitActiveUSec=1d ; next_elapse=0 }\nTimersMonotonic={ OnBootUSec=15min ; next_elapse=37min 2.361276s }',
      TimersCalendar: '{ OnCalendar=*-*-* *:00:00 ; next_elapse=Fri 2027-01-15 09:00:00.000000 UTC }',
      NextElapseUSecRealtime: 'Fri 2027-01-15 09:00:00.000000 UTC',
      NextElapseUSecMonotonic: '37min 2.361276s',
      LastTriggerUSec: 'Fri 2027-01-15 07:00:00.123456 UTC',
    })}\n\n--\n${service}`;
    expect(first(units)).toEqual({
      kind: 'timer',
      id: 'timer:x.timer',
      user: 'alice',
      when: 'OnBootSec=15min OnCalendar=*-*-* *:00:00 OnUnitActiveSec=1d',
      command: '/bin/sh -c a ; b',
      file: '/etc/systemd/system/x.timer',
      unit: {
        timer: 'x.timer',
        activates: 'x.service',
        active: true,
        transient: false,
        programs: [{ command: '/bin/sh -c a ; b', main: true }],
      },
      // Boot was 1000 s before 2027-01-15T08:00:00.500Z.
      nextRun: '2027-01-15T08:20:22.861Z',
      lastRun: '2027-01-15T07:00:00.123456Z',
    });
  });

  it.each([
    [
      'not started',
      { ActiveState: 'inactive', SubState: 'dead', UnitFileState: 'disabled' },
      'x.timer is inactive (dead) and not enabled',
    ],
    [
      'enabled only',
      { ActiveState: 'inactive', SubState: 'dead' },
      'x.timer is inactive (dead) and enabled: it starts with the next boot only',
    ],
    [
      'broken',
      {
        LoadState: 'bad-setting',
        LoadError: 'org.freedesktop.systemd1.BadUnitSetting "Unit x.timer has a bad unit file setting."',
      },
      'x.timer is bad-setting: Unit x.timer has a bad unit file setting.',
    ],
    [
      'nothing left to wait for',
      { SubState: 'elapsed', TimersMonotonic: '{ OnUnitActiveUSec=3s ; next_elapse=0 }' },
      'x.timer is active (elapsed) and has no next run: OnUnitActiveSec=3s names no time to come',
    ],
    ['elapsed and run', { SubState: 'elapsed', LastTriggerUSec: 'Fri 2027-01-15 07:00:00 UTC' }, undefined],
    ['masked', { LoadState: 'masked', LoadError: '' }, 'x.timer is masked'],
    [
      'done, though it runs no more',
      { ActiveState: 'inactive', LastTriggerUSec: 'Fri 2027-01-15 07:00:00 UTC' },
      undefined,
    ],
  ])('%s', (_, changes, inert) => {
    expect(first(`${timer(changes)}\n\n--\n${service}`)?.inert).toBe(inert);
  });

  it('may be late by as much as it says', () => {
    expect(first(`${timer({ AccuracyUSec: '1min' })}\n\n--\n${service}`)?.accuracyMs).toBe(60_000);
    expect(first(`${timer({ AccuracyUSec: '1us' })}\n\n--\n${service}`)?.accuracyMs).toBe(0.001);
  });

  it('starts all that its service runs, before and after included', () => {
    const post = exec('/bin/after').replace('ExecStart', 'ExecStartPost');
    const pre = exec('/bin/before').replace('ExecStart', 'ExecStartPre');
    expect(first(`${timer()}\n\n--\n${post}\n${pre}\n${service}`)?.command).toBe(
      '/bin/before; /bin/sh -c a ; b; /bin/after',
    );
  });

  it('tells of a service that is not there', () => {
    expect(first(`${timer()}\n\n--\nId=x.service\nLoadState=not-found`)?.inert).toBe(
      'x.service, which x.timer activates, does not exist',
    );
  });
});

describe('a user’s timer', () => {
  const home = '/home/bob/.config/systemd/user';
  const files = [
    {
      path: `${home}/x.timer`,
      content: '[Timer]\nOnCalendar=hourly\nUnit=\\\n y.service\nOnBootSec=\nOnBootSec=5\n',
    },
    {
      path: `${home}/y.service`,
      content: '[Service]\nExecStart=/bin/old\nExecStart=\nExecStart=/tmp/z one\n',
    },
  ];

  it('is read from its files while nobody manages it', () => {
    expect(first('', files)).toMatchObject({
      kind: 'user-timer',
      id: 'user-timer:bob:x.timer',
      user: 'bob',
      when: 'OnBootSec=5 OnCalendar=hourly',
      command: '/tmp/z one',
      unit: { timer: 'x.timer', activates: 'y.service', active: false },
      inert: expect.stringContaining("bob's service manager is not running"),
    });
  });

  it('may run where its user lingers: the manager is about to start', () => {
    const [schedule] = parseInventory(
      dump({ files: [...files, { path: '/var/lib/systemd/linger/bob' }] }),
    ).schedules;
    expect(schedule?.id).toBe('user-timer:bob:x.timer');
    expect(schedule?.inert).toBeUndefined();
  });

  it('is what the user’s manager says, once there is one', () => {
    const { schedules } = parseInventory(
      dump({
        files,
        sections: {
          'user-units/bob': `${timer()}\n\n--\n${exec('/bin/id')}\nId=x.service\nLoadState=loaded`,
        },
      }),
    );
    expect(schedules).toMatchObject([{ id: 'user-timer:bob:x.timer', user: 'bob', command: '/bin/id' }]);
    expect(schedules[0]?.inert).toBeUndefined();
  });
});

describe('what systemctl prints', () => {
  it('reads spans, times and command lines', () => {
    expect(unitSpan('1d 2h 3min 4.5s')).toBe(93_784_500);
    expect(unitSpan('1month 1w')).toBe(2_629_800_000 + 604_800_000);
    expect(unitSpan('infinity')).toBeUndefined();
    expect(unitSpan('')).toBeUndefined();
    expect(unitTime('Sat 2026-11-21 22:30:00 UTC')).toBe('2026-11-21T22:30:00Z');
    expect(unitTime('n/a')).toBeUndefined();
    expect(commandLines(`${exec('/bin/a ; b').slice(10)}\n${exec('/bin/c').slice(10)}`)).toEqual([
      '/bin/a ; b',
      '/bin/c',
    ]);
  });
});
