// One table of paths and what each asker is told of them: the engine, the inventory, cron's reader, the residue.

import { describe, expect, it } from 'vitest';
import { spooledName } from '../../../harness/schedulers/at.ts';
import { cronTableOf } from '../../../harness/schedulers/cron.ts';
import { cronDaemonOf } from '../../../harness/schedulers/cron-daemon.ts';
import {
  isDaemonNote,
  isSchedulePlace,
  placeOf,
  schedulerOfProgram,
} from '../../../harness/schedulers/index.ts';
import { isLookedAt, programsToFind } from '../../../harness/schedulers/look.ts';
import { runPartsScript } from '../../../harness/schedulers/run-parts.ts';
import { unitOfFile } from '../../../harness/schedulers/systemd.ts';

type Row = [path: string, role: string | undefined, answers: string];

// What a path is, and then: schedules, note, table:NAME, job:NAME, script:NAME, unit:NAME.
const rows: Row[] = [
  ['/etc/crontab', 'table', 'schedules table:'],
  ['/etc/cron.d/x', 'table', 'schedules table:x'],
  ['/etc/cron.d', undefined, ''],
  ['/etc/cron.d/folder/x', undefined, ''],
  ['/etc/cron.d~/x', undefined, ''],
  ['/etc/cron.allow', 'access', ''],
  ['/etc/cron.deny', 'access', ''],
  ['/etc/cron.allow.d/x', 'access', ''],
  ['/etc/crontabs/root', 'table', 'schedules table:root'],
  ['/var/spool/cron/crontabs/alice', 'table', 'schedules table:alice'],
  ['/var/spool/cron/crontabs/tmp.aBc', 'table', 'schedules'],
  ['/var/spool/cron/crontabs/#tmp.host.XXXXaBc', 'table', 'schedules'],
  ['/var/spool/cron/alice', 'table', 'schedules table:alice'],
  ['/var/spool/cron/crontabs', 'table', 'schedules'],
  ['/var/spool/cron/tabs/alice', 'table', 'schedules table:alice'],
  ['/var/spool/cron/lastrun/cron.daily', undefined, ''],
  ['/etc/anacrontab', 'table', 'schedules'],
  ['/var/spool/anacron/cron.daily', 'note', 'schedules note'],
  ['/etc/cron.hourly/x', 'script', 'schedules script:x'],
  ['/etc/cron.yearly/x.sh', 'script', 'schedules script:x.sh'],
  ['/etc/at.allow', 'access', ''],
  ['/etc/at.deny', 'access', ''],
  ['/var/spool/cron/atjobs/a0000101c89178', 'job', 'schedules job:a0000101c89178'],
  ['/var/spool/cron/atjobs/=0000101c89178', 'job', 'schedules job:=0000101c89178'],
  ['/var/spool/cron/atjobs/.SEQ', 'note', 'note'],
  ['/var/spool/cron/atspool/a0000101c89178', 'output', ''],
  ['/var/spool/at/a0000101c89178', 'job', 'schedules job:a0000101c89178'],
  ['/var/spool/at/spool/a0000101c89178', 'output', ''],
  ['/var/spool/atjobs/a0000101c89178', 'job', 'schedules job:a0000101c89178'],
  ['/var/spool/atd/a0000101c89178', 'job', 'schedules job:a0000101c89178'],
  ['/etc/systemd/system/x.timer', 'unit', 'schedules unit:x.timer'],
  ['/etc/systemd/system/x.service', 'unit', 'unit:x.service'],
  ['/etc/systemd/system/x.timer.d/o.conf', 'unit', 'schedules unit:x.timer'],
  ['/etc/systemd/system/x.service.d/o.conf', 'unit', 'unit:x.service'],
  ['/etc/systemd/system/timers.target.wants/x.timer', 'unit', 'schedules'],
  ['/etc/systemd/system.control/x.timer.d/50-x.conf', 'unit', 'schedules'],
  ['/etc/systemd/system/x.timer.wants/y.service', 'unit', 'schedules'],
  ['/run/systemd/system/x.timer.upholds/y.service', 'unit', 'schedules'],
  ['/etc/systemd/system/x.service.wants/y.service', 'unit', ''],
  ['/etc/systemd/user/x.timer', 'unit', 'schedules unit:x.timer'],
  ['/etc/systemd/system-generators/x', 'generator', 'schedules'],
  ['/usr/lib/systemd/system-generators/__pycache__/x.cpython-311.pyc', undefined, ''],
  ['/run/systemd/generator.late/x.timer', 'generated', 'schedules'],
  ['/run/systemd/transient/run-r1.timer', 'unit', 'schedules unit:run-r1.timer'],
  ['/run/systemd/transient/run-r1.service', 'unit', 'unit:run-r1.service'],
  ['/usr/lib/systemd/system/x.timer', 'unit', 'schedules unit:x.timer'],
  ['/usr/share/systemd/user/x.timer', 'unit', 'schedules unit:x.timer'],
  ['/home/alice/.config/systemd/user/x.timer', 'unit', 'schedules unit:x.timer'],
  ['/root/.local/share/systemd/user/x.service', 'unit', 'unit:x.service'],
  ['/run/user/1000/systemd/transient/run-r1.timer', 'unit', 'schedules unit:run-r1.timer'],
  ['/run/user/1000/systemd/generator/x.timer', 'generated', 'schedules'],
  ['/var/lib/systemd/linger/alice', 'linger', ''],
  ['/var/lib/systemd/timers/stamp-x.timer', 'note', 'note'],
  ['/tmp/x.timer', undefined, ''],
  ['/home/alice/cron.d/x', undefined, ''],
];

const answersOf = (path: string): string =>
  [
    isSchedulePlace(path) ? 'schedules' : '',
    isDaemonNote(path) ? 'note' : '',
    named('table', cronTableOf(path)?.name),
    named('job', spooledName(path)),
    named('script', runPartsScript(path)?.name),
    named('unit', unitOfFile(path)),
  ]
    .filter((answer) => answer !== '')
    .join(' ');

const named = (what: string, name: string | undefined): string =>
  name === undefined ? '' : `${what}:${name}`;

describe('the places of schedulers', () => {
  it.each(rows)('%s', (path, role, answers) => {
    expect(placeOf(path)?.role).toBe(role);
    expect(answersOf(path)).toBe(answers);
  });

  it('are looked at by inventories, but for what managers note of their timers', () => {
    const notLookedAt = rows.filter(([path, role]) => role !== undefined && !isLookedAt(path));
    expect(notLookedAt.map(([path]) => path)).toEqual(['/var/lib/systemd/timers/stamp-x.timer']);
  });
});

describe('the daemons of schedulers', () => {
  it.each<[executable: string, args: string[], scheduler: string | undefined]>([
    ['/usr/sbin/atd', ['atd', '-f'], 'atd'],
    ['/usr/sbin/cron', [], 'cron'],
    ['/sbin/crond', [], 'cron'],
    ['/usr/sbin/anacron', [], 'anacron'],
    ['/lib/systemd/systemd', ['/sbin/init'], 'systemd'],
    ['/usr/lib/systemd/systemd-executor', [], 'systemd'],
    ['/usr/sbin/bcron-exec', ['bcron-exec'], 'cron'],
    ['/usr/sbin/bcron-sched', ['bcron-sched'], 'cron'],
    ['/usr/bin/busybox', ['crond', '-f'], 'cron'],
    ['/bin/busybox', ['/usr/sbin/crond'], 'cron'],
    ['/bin/busybox', ['busybox', 'crond'], 'cron'],
    ['/bin/busybox', ['sh', '-c', 'crond'], undefined],
    ['/tmp/crond', ['crond'], undefined],
    ['/usr/bin/crontab', ['crontab'], undefined],
  ])('%s %j', (executable, args, scheduler) => {
    expect(schedulerOfProgram(executable, args)).toBe(scheduler);
  });
});

describe('what tells which cron a machine has', () => {
  const programs = (...paths: string[]) => new Map(paths.map((path) => path.split(' ') as [string, string]));

  it.each([
    [['/usr/sbin/cron', '/usr/sbin/crond /usr/bin/busybox'], 'vixie'],
    [['/usr/sbin/crond', '/usr/sbin/anacron'], 'cronie'],
    [['/usr/sbin/crond /bin/busybox'], 'other'],
    [['/usr/bin/busybox'], 'busybox'],
    [['/usr/sbin/bcron-exec'], 'other'],
    [['/usr/lib/systemd/system-generators/systemd-crontab-generator'], 'systemd-cron'],
    [['/usr/sbin/anacron', '/usr/sbin/atd'], 'none'],
  ])('%j: %s', (paths, daemon) => {
    expect(cronDaemonOf(programs(...paths))).toBe(daemon);
    const sought = programsToFind.map(({ program }) => program);
    expect(paths.filter((path) => !sought.includes(path.split(' ')[0] ?? ''))).toEqual([]);
  });

  it('is asked of a program of many names by the one that counts', () => {
    expect(programsToFind).toContainEqual({ program: '/usr/bin/busybox', applet: 'crond' });
  });
});
