// Which entries of which tables run: every reason for which a scheduler passes one over, by implementation.

import { describe, expect, it } from 'vitest';
import type { Inventory, Schedule } from '../../../../harness/model/inventory.ts';
import {
  type CronDialect,
  cronie as cronieDialect,
  vixie,
} from '../../../../harness/schedulers/cron-dialect.ts';
import { diffInventory, newSchedules } from '../../../../harness/schedulers/inventory-diff.ts';
import { parseCronTable } from '../../../../harness/telemetry/inventory/crontab.ts';
import { dump, type MadeFile } from './archive.ts';
import { parseInventory } from './script-dump.ts';

const line = '* * * * * root id\n';
const schedules = (files: MadeFile[], sections: Record<string, string> = {}): Schedule[] =>
  parseInventory(dump({ files, sections })).schedules;
const only = (file: MadeFile, sections?: Record<string, string>): Schedule => {
  const [first, ...rest] = schedules([file], sections);
  if (!first || rest.length > 0) expect.fail(`expected one schedule of ${file.path}, got ${rest.length + 1}`);
  return first;
};
const cronie = { programs: '/usr/sbin/crond\n/usr/sbin/atd', debian: '' };

describe('vixie cron', () => {
  it.each<[string, MadeFile, RegExp | undefined]>([
    ['a good table', { path: '/etc/cron.d/good', content: line }, undefined],
    ['names of its alphabet', { path: '/etc/cron.d/up_per-X9', content: line }, undefined],
    ['no read permission', { path: '/etc/cron.d/x', content: line, mode: 0 }, undefined],
    ['a dot in the name', { path: '/etc/cron.d/a.b', content: line }, /passes over names/],
    ['a backup', { path: '/etc/cron.d/a~', content: line }, /passes over names/],
    ['writable by others', { path: '/etc/cron.d/x', content: line, mode: 0o646 }, /INSECURE MODE/],
    ['not root’s', { path: '/etc/cron.d/x', content: line, uid: 1000 }, /WRONG FILE OWNER: alice/],
    ['no line break at the end', { path: '/etc/cron.d/x', content: line.trimEnd() }, /missing newline/],
    [
      'a user nobody knows',
      { path: '/etc/cron.d/x', content: '* * * * * eve id\n' },
      /bad username in line 1/,
    ],
    [
      'the longest command',
      { path: '/etc/cron.d/x', content: `* * * * * root ${'x'.repeat(998)}\n` },
      undefined,
    ],
    [
      'a longer one',
      { path: '/etc/cron.d/x', content: `* * * * * root ${'x'.repeat(990)}%yyyyyyyy\n` },
      /command too long in line 1/,
    ],
    ['no command', { path: '/etc/cron.d/x', content: '* * * * * root\n' }, /bad command in line 1/],
    ['never due', { path: '/etc/cron.d/x', content: '0 0 31 2 * root id\n' }, /no date ever matches/],
    [
      'a user’s table',
      { path: '/var/spool/cron/crontabs/alice', content: '* * * * * id\n', mode: 0o600, uid: 1000 },
      undefined,
    ],
    [
      'a user’s table owned by root',
      { path: '/var/spool/cron/crontabs/alice', content: '* * * * * id\n', mode: 0o600 },
      undefined,
    ],
    [
      'readable by others',
      { path: '/var/spool/cron/crontabs/alice', content: '* * * * * id\n', mode: 0o644, uid: 1000 },
      /INSECURE MODE \(mode 0600 expected\)/,
    ],
    [
      'someone else’s',
      { path: '/var/spool/cron/crontabs/alice', content: '* * * * * id\n', mode: 0o600, uid: 1001 },
      /WRONG FILE OWNER: bob/,
    ],
    [
      'a user’s table where other distributions have it',
      { path: '/etc/crontabs/alice', content: '* * * * * id\n', mode: 0o600, uid: 1000 },
      /in \/var\/spool\/cron\/crontabs, not in \/etc\/crontabs/,
    ],
    [
      'nobody’s',
      { path: '/var/spool/cron/crontabs/eve', content: '* * * * * id\n', mode: 0o600 },
      /ORPHAN \(no passwd entry\)/,
    ],
  ])('%s', (_, file, reason) => {
    const { inert } = only(file);
    if (reason) expect(inert).toMatch(reason);
    else expect(inert).toBeUndefined();
  });

  it('keeps apart what an account has in the folders of several distributions', () => {
    const folders = ['/etc/crontabs', '/var/spool/cron', '/var/spool/cron/crontabs', '/var/spool/cron/tabs'];
    const all = schedules(
      folders.map((folder) => ({ path: `${folder}/root`, content: '* * * * * id\n', mode: 0o600 })),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(folders.length);
    expect(all.filter(({ inert }) => inert === undefined).map(({ id }) => id)).toEqual([
      'crontab:root:* * * * * id',
    ]);
  });

  it('drops a whole table for one bad line', () => {
    const all = schedules([{ path: '/etc/crontab', content: `${line}61 * * * * root x\n` }]);
    expect(all.map(({ inert }) => inert)).toEqual(
      Array(2).fill('bad minute in line 2: cron ignores the whole table'),
    );
  });

  it('refuses a table with two names', () => {
    const files = [{ path: '/etc/cron.d/x', content: line }];
    expect(schedules(files, { odd: '/etc/cron.d/x' })[0]?.inert).toMatch(/HARD LINKS/);
  });

  it('reads through a link, and looks at the owner of what it leads to', () => {
    const followed = (uid: number) =>
      schedules([
        { path: '/etc/cron.d/x', link: '/tmp/x' },
        { path: '/etc/cron.d/x', content: line, uid },
      ]);
    expect(followed(0)).toMatchObject([{ command: 'id', file: '/etc/cron.d/x' }]);
    expect(followed(0)[0]?.inert).toBeUndefined();
    expect(followed(1000)[0]?.inert).toMatch(/WRONG FILE OWNER/);
  });

  it('says so when the daemon is down', () => {
    const down = `\n--\nId=cron.service\nLoadState=masked\nActiveState=inactive\n`;
    expect(only({ path: '/etc/cron.d/x', content: line }, { 'system-units': down }).inert).toBe(
      'cron.service is masked and inactive: nobody reads the tables',
    );
    const byHand = { 'system-units': down, running: 'cron' };
    expect(only({ path: '/etc/cron.d/x', content: line }, byHand).inert).toBeUndefined();
  });
});

describe('cronie', () => {
  it.each<[string, MadeFile, RegExp | undefined]>([
    ['a dot in the name', { path: '/etc/cron.d/a.b', content: line }, undefined],
    ['no line break at the end', { path: '/etc/cron.d/x', content: line.trimEnd() }, /missing newline/],
    ['no command', { path: '/etc/cron.d/x', content: '* * * * * root \n' }, /bad command/],
    ['a random minute', { path: '/etc/cron.d/x', content: line.replace('*', '~59') }, undefined],
    ['a package manager’s backup', { path: '/etc/cron.d/x.rpmnew', content: line }, /passes over/],
    ['writable by others', { path: '/etc/cron.d/x', content: line, mode: 0o666 }, /BAD FILE MODE/],
    ['executable', { path: '/etc/cron.d/x', content: line, mode: 0o755 }, /BAD FILE MODE/],
    [
      'Red Hat’s spool',
      { path: '/var/spool/cron/alice', content: '* * * * * id\n', mode: 0o600, uid: 1000 },
      undefined,
    ],
    ['nobody’s', { path: '/var/spool/cron/eve', content: '* * * * * id\n', mode: 0o600 }, /ORPHAN/],
    ['a silent job', { path: '/etc/cron.d/x', content: `-${line}` }, undefined],
  ])('%s', (_, file, reason) => {
    const { inert } = only(file, cronie);
    if (reason) expect(inert).toMatch(reason);
    else expect(inert).toBeUndefined();
  });

  it('has one folder for users where it is Debian’s', () => {
    const inert = (folder: string) =>
      only(
        { path: `${folder}/alice`, content: '* * * * * id\n', mode: 0o600, uid: 1000 },
        { ...cronie, debian: '13.2' },
      ).inert;
    expect(inert('/var/spool/cron/crontabs')).toBeUndefined();
    expect(inert('/var/spool/cron')).toMatch(/not in \/var\/spool\/cron$/);
  });

  it('leaves out an unended last line alone', () => {
    const all = schedules([{ path: '/etc/crontab', content: `${line}1 * * * * root x` }], cronie);
    expect(all.map(({ inert }) => inert).sort()).toEqual(['missing newline before EOF', undefined]);
  });

  it('drops the bad line alone', () => {
    const all = schedules([{ path: '/etc/crontab', content: `${line}61 * * * * root x\n` }], cronie);
    expect(all.map(({ inert }) => inert).sort()).toEqual(['bad minute in line 2', undefined]);
  });
});

describe('entries', () => {
  const parse = (text: string, system = false) => parseCronTable(text, system, (name) => name === 'root');

  it('takes environment for what it is, and entries that look like it', () => {
    const table = parse('SHELL=/bin/bash\n "A B" = \'c d\' \nX=\n# no=thing\n0 5 * * * FOO=bar cmd=x\n');
    expect(Object.fromEntries(table.environment)).toEqual({ SHELL: '/bin/bash', 'A B': 'c d', X: '' });
    expect(table.entries).toMatchObject([{ when: '0 5 * * *', command: 'FOO=bar cmd=x', line: 5 }]);
  });

  it('have the environment of the lines above them: with another PATH another program runs', () => {
    const [first, second] = schedules([
      { path: '/etc/crontab', content: `* * * * * root a\nPATH=/tmp/x:/bin\n* * * * * root b\n` },
    ]);
    expect(first?.environment).toBeUndefined();
    expect(second?.environment).toEqual({ PATH: '/tmp/x:/bin' });
    const inventories = ['/bin', '/tmp/x:/bin'].map((path) =>
      parseInventory(dump({ files: [{ path: '/etc/crontab', content: `PATH=${path}\n${line}` }] })),
    ) as [Inventory, Inventory];
    expect(newSchedules(diffInventory(...inventories))).toHaveLength(1);
  });

  it.each([
    ['a\\\\b', 'a\\b', 'a\\\\b'],
    ['a\\nb', 'a\\nb', 'a\\nb'],
    ['a\\\\\\%b', 'a\\%b', 'a\\\\%b'],
    ['a\\\\%b', 'a\\', 'a\\\\'],
    ['a\\', 'a\\', 'a\\'],
  ])('takes the backslashes of %s as the daemon does', (written, vixies, cronies) => {
    const command = (dialect: CronDialect) =>
      parseCronTable(`* * * * * ${written}\n`, false, () => true, dialect).entries[0]?.command;
    expect([command(vixie), command(cronieDialect)]).toEqual([vixies, cronies]);
  });

  it('ends the command at the percent sign, unless it is escaped', () => {
    expect(parse('* * * * * date +\\%F%one%two\n').entries[0]).toMatchObject({
      command: 'date +%F',
      stdin: 'one\ntwo\n',
    });
  });

  it('keeps ids when lines move, and tells twins apart', () => {
    const ids = (content: string) =>
      schedules([{ path: '/var/spool/cron/crontabs/root', content, mode: 0o600 }]).map(({ id }) => id);
    const before = ids('1 * * * * a\n1 * * * * a\n2 * * * * b\n');
    expect(new Set(before).size).toBe(3);
    expect(ids('# new\nX=1\n2 * * * * b\n1 * * * * a\n1 * * * * a\n')).toEqual(before);
  });
});

describe('run-parts', () => {
  const tables: MadeFile[] = [
    {
      path: '/etc/crontab',
      content:
        '17 * * * * root cd / && run-parts --report /etc/cron.hourly\n25 6 * * * root test -x /usr/sbin/anacron || { cd / && run-parts --report /etc/cron.daily; }\n',
    },
    { path: '/etc/anacrontab', content: '1 5 cron.daily run-parts --report /etc/cron.daily\n' },
  ];
  const script = (file: MadeFile, sections?: Record<string, string>) =>
    schedules([...tables, file], sections).find(({ kind }) => kind === 'run-parts');

  it.each<[string, MadeFile, RegExp | undefined]>([
    ['an executable', { path: '/etc/cron.hourly/x', mode: 0o755 }, undefined],
    ['no execute bit', { path: '/etc/cron.hourly/x', mode: 0o644 }, /not executable, run-parts skips it/],
    ['a dotted name', { path: '/etc/cron.hourly/x.sh', mode: 0o755 }, /run-parts takes/],
    ['a folder nobody runs', { path: '/etc/cron.yearly/x', mode: 0o755 }, /no table calls run-parts/],
    ['a pipe', { path: '/etc/cron.hourly/x', mode: 0o755, flag: '6' }, /not a regular file/],
  ])('%s', (_, file, reason) => {
    const found = script(file);
    if (reason) expect(found?.inert).toMatch(reason);
    else expect(found?.inert).toBeUndefined();
  });

  it('does not run where what calls it does not, and says why', () => {
    const down = `\n--\nId=cron.service\nLoadState=masked\nActiveState=inactive\n`;
    expect(script({ path: '/etc/cron.hourly/x', mode: 0o755 }, { 'system-units': down })?.inert).toBe(
      'what calls run-parts on /etc/cron.hourly does not run: cron.service is masked and inactive: nobody reads the tables',
    );
  });

  it('runs by anacron’s table where anacron is, by cron’s where it is not', () => {
    const daily = { path: '/etc/cron.daily/x', mode: 0o755 };
    expect(script(daily)).toMatchObject({ when: '1 5', user: 'root' });
    expect(script(daily, { programs: '/usr/sbin/cron' })).toMatchObject({
      when: '25 6 * * *',
      nextRun: '2027-01-16T06:25:00.000Z',
    });
  });

  it('takes dotted names where run-parts is Red Hat’s', () => {
    const redhat: MadeFile[] = [
      { path: '/etc/crontab', content: '01 * * * * root run-parts /etc/cron.hourly\n' },
      { path: '/etc/cron.hourly/x.sh', mode: 0o755 },
    ];
    const found = parseInventory(dump({ files: redhat, sections: { programs: '/usr/sbin/crond' } }));
    expect(found.schedules.find(({ kind }) => kind === 'run-parts')?.when).toBe('01 * * * *');
  });
});

describe('the at queue', () => {
  const head =
    '#!/bin/sh\n# atrun uid=1000 gid=1000\n# mail alice 0\numask 22\nPATH=/bin; export PATH\ncd /home/alice || {\n\t echo x >&2\n\t exit 1\n}\n';
  const job = {
    path: '/var/spool/cron/atjobs/a0000201c891ac',
    mode: 0o700,
    uid: 1000,
    content: `${head}/bin/one\n/bin/two\n`,
  };

  it('reads number, time, owner and commands', () => {
    expect(only(job)).toEqual({
      kind: 'at',
      id: 'at:2',
      user: 'alice',
      when: '2026-11-21T23:08:00.000Z',
      nextRun: '2026-11-21T23:08:00.000Z',
      command: '/bin/one\n/bin/two',
      file: job.path,
    });
  });

  it.each<[string, Partial<MadeFile>, RegExp | undefined]>([
    ['Red Hat’s spool', { path: '/var/spool/at/a0000201c891ac' }, undefined],
    ['not executable', { mode: 0o600 }, /unfinished/],
    ['another mode', { mode: 0o755 }, undefined],
    ['root’s file for alice', { uid: 0 }, /userid 1000 does not match file uid 0/],
    ['nobody’s file', { uid: 4711, content: head.replaceAll('1000', '4711') }, /Userid 4711 not found/],
    ['no header', { content: 'id\n' }, /wrong format/],
    ['another name', { path: '/var/spool/cron/atjobs/job1' }, /not a job's name/],
    ['a link', { link: '/tmp/x' }, /could not lock/],
  ])('%s', (_, change, reason) => {
    const { inert } = only({ ...job, ...change });
    if (reason) expect(inert).toMatch(reason);
    else expect(inert).toBeUndefined();
  });

  it('says of a job of batch’s that its time is the earliest only', () => {
    expect(only({ ...job, path: '/var/spool/cron/atjobs/b0000201c891ac' }).when).toMatch(
      /^2026-11-21T23:08:00.000Z, once the load average is below/,
    );
  });

  it('lists a running job once', () => {
    const all = schedules([job, { ...job, path: '/var/spool/cron/atjobs/=0000201c891ac' }], {
      odd: job.path,
    });
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ id: 'at:2', file: job.path });
    expect(all[0]?.inert).toBeUndefined();
  });

  it('says so when atd is down', () => {
    const down = `\n--\nId=atd.service\nLoadState=masked\nActiveState=inactive\n`;
    expect(only(job, { 'system-units': down }).inert).toMatch(/atd.service is masked and inactive/);
    expect(only(job, { 'system-units': down, running: 'cron' }).inert).toMatch(/atd.service is masked/);
    expect(only(job, { 'system-units': down, running: 'atd' }).inert).toBeUndefined();
  });
});

it.each([
  ['+0530', '23:30'],
  ['-0330', '08:30'],
  ['+0000', '05:00'],
  ['', '05:00'],
])('counts the hours of a table in the zone %s of the machine', (zone, due) => {
  const table = { path: '/etc/cron.d/x', content: '0 5 * * * root id\n' };
  const [entry] = schedules([table], zone === '' ? {} : { zone });
  expect(entry?.nextRun?.slice(11, 16)).toBe(due);
});
