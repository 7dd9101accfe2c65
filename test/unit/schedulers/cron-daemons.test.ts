// Which cron a machine has, what it makes of a table's file and of an entry, and whether its clock can be moved.

import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../../harness/model/inventory.ts';
import { cronTableOf } from '../../../harness/schedulers/cron.ts';
import {
  type CronDaemon,
  cronDaemonOf,
  type TableReader,
  tableRefusal,
} from '../../../harness/schedulers/cron-daemon.ts';
import { dialectOf } from '../../../harness/schedulers/cron-dialect.ts';
import { clockOf } from '../../../harness/schedulers/index.ts';
import { parseCronTable } from '../../../harness/telemetry/inventory/crontab.ts';

const generator = '/usr/lib/systemd/system-generators/systemd-crontab-generator';

it.each<[CronDaemon, [string, string?][]]>([
  ['vixie', [['/usr/sbin/cron']]],
  // Installed beside it for an initramfs, say.
  ['vixie', [['/usr/sbin/cron'], ['/usr/bin/busybox']]],
  ['cronie', [['/usr/sbin/crond']]],
  ['busybox', [['/usr/bin/busybox']]],
  ['busybox', [['/usr/sbin/crond', '/usr/bin/busybox'], ['/usr/bin/busybox']]],
  ['systemd-cron', [[generator]]],
  // Whatever is called like a daemon there.
  ['systemd-cron', [[generator], ['/usr/sbin/crond']]],
  ['other', [['/usr/sbin/bcron-sched']]],
  ['none', []],
])('%s is told by %j', (daemon, programs) => {
  expect(cronDaemonOf(new Map(programs.map(([program, link]) => [program, link ?? ''])))).toBe(daemon);
});

describe('a table of', () => {
  const odd = {
    type: 'symlink',
    permissions: 0o666,
    mode: '0666',
    uid: '1001',
    owner: 'bob',
    links: true,
  } as const;
  const reader = (daemon: CronDaemon): TableReader => ({
    daemon,
    isDebian: true,
    uidOf: (account) => (account === 'alice' ? '1000' : undefined),
    hasUnitFile: (path) => path === '/usr/lib/systemd/system/e2scrub_all.timer',
  });
  const refusal = (daemon: CronDaemon, path: string) => {
    const table = cronTableOf(path);
    if (!table) throw new RangeError(path);
    return tableRefusal(reader(daemon), odd, table);
  };
  const spool = '/var/spool/cron/crontabs';
  it.each([
    ['root', '0', undefined],
    ['alice', '1000', 'crond passes over tables that root does not own: alice'],
  ])('busybox: %s’s file in the folder of users’ tables', (owner, uid, said) => {
    const file = { ...odd, type: 'file', uid, owner } as const;
    const table = { kind: 'crontab', name: 'alice', folder: spool } as const;
    expect(tableRefusal(reader('busybox'), file, table)).toBe(said);
  });
  it.each<[CronDaemon, string, string | undefined]>([
    ['busybox', `${spool}/alice`, undefined],
    ['busybox', `${spool}/nobody-here`, "ignoring file 'nobody-here' (no such user)"],
    ['busybox', `${spool}/alice.bak`, 'crond passes over names with a dot: alice.bak'],
    ['busybox', '/etc/crontab', "busybox's crond reads the tables of users, and no others"],
    ['busybox', '/etc/cron.d/job', "busybox's crond reads the tables of users, and no others"],
    [
      'busybox',
      '/var/spool/cron/tabs/alice',
      `cron reads the tables of users in ${spool}, not in /var/spool/cron/tabs`,
    ],
    ['systemd-cron', `${spool}/alice`, undefined],
    ['systemd-cron', `${spool}/nobody-here`, 'no account nobody-here to start it as (status=217/USER)'],
    ['systemd-cron', `${spool}/alice.new`, 'systemd-crontab-generator passes over such names: alice.new'],
    ['cronie', `${spool}/nobody-here`, '(nobody-here) ORPHAN (no passwd entry)'],
    ['systemd-cron', '/etc/cron.d/job.conf', undefined],
    [
      'systemd-cron',
      '/etc/cron.d/job.dpkg-new',
      'systemd-crontab-generator passes over such names: job.dpkg-new',
    ],
    ['systemd-cron', '/etc/cron.d/job~', 'systemd-crontab-generator passes over such names: job~'],
    ['systemd-cron', '/etc/crontab', undefined],
    [
      'systemd-cron',
      '/etc/cron.d/e2scrub_all',
      'systemd-crontab-generator: ignoring e2scrub_all because native timer is present',
    ],
    ['systemd-cron', `${spool}/e2scrub_all`, 'no account e2scrub_all to start it as (status=217/USER)'],
  ])('%s: %s', (daemon, path, said) => {
    expect(refusal(daemon, path)).toBe(said);
  });
});

it.each<[CronDaemon, string, string | null]>([
  ['vixie', 'cat ', 'one\ntwo\n'],
  ['cronie', 'cat ', 'one\ntwo\n'],
  ['systemd-cron', 'cat %one%two', null],
  ['busybox', 'cat %one%two', null],
])('%s takes `cat %%one%%two` for %j with the input %j', (daemon, command, stdin) => {
  const { entries } = parseCronTable('* * * * * cat %one%two\n', false, () => true, dialectOf(daemon));
  expect(entries).toMatchObject([{ command, stdin, error: null }]);
});

describe('the clock of a table', () => {
  const now = Date.parse('2026-03-01T12:00:30Z');
  const entry = (changes: Partial<Schedule>): Schedule => ({
    kind: 'crontab',
    id: 'crontab:alice',
    user: 'alice',
    when: '* * * * *',
    command: 'true',
    file: '/var/spool/cron/crontabs/alice',
    nextRun: '2026-03-01T12:01:00Z',
    ...changes,
  });
  const due = (schedule: Schedule) => clockOf(schedule).dueIn(schedule, 'fast', now);
  const jump = (schedule: Schedule) => clockOf(schedule).jumpFor(schedule);

  it('is fast where the daemon is one whose clock can be moved', () => {
    expect(due(entry({}))).toBe(1_500);
    expect(jump(entry({ when: '0 3 * * *', nextRun: '2026-03-02T03:00:00Z' }))).toEqual({
      scheduler: 'cron',
      to: '2026-03-02T03:00:00Z',
    });
  });

  it.each(['busybox', 'systemd-cron'] as const)('is the machine’s where %s reads it', (daemon) => {
    expect(due(entry({ daemon }))).toBe(90_000);
    expect(jump(entry({ daemon, when: '0 3 * * *', nextRun: '2026-03-02T03:00:00Z' }))).toBeNull();
  });

  it('gives systemd-cron a minute more where timers may not be made of the table in time', () => {
    const soon = entry({ daemon: 'systemd-cron', nextRun: '2026-03-01T12:00:32Z' });
    expect(due({ ...soon, daemon: 'busybox' })).toBeLessThan(due(soon));
    expect(due(soon) - due({ ...soon, daemon: 'busybox' })).toBe(60_000);
  });

  it('can be told of a boot where busybox reads it', () => {
    const reboot: Schedule = { ...entry({ when: '@reboot' }) };
    delete reboot.nextRun;
    expect(jump({ ...reboot, daemon: 'busybox' })).toEqual({ scheduler: 'cron', to: 'boot' });
    expect(jump({ ...reboot, daemon: 'systemd-cron' })).toBeNull();
  });
});
