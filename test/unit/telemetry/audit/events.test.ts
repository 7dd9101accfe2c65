// What the records of one event become in ECS, for the acts by which something is scheduled.

import { describe, expect, it } from 'vitest';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { parseAccounts } from '../../../../harness/telemetry/accounts.ts';
import { AuditLogReader, parseAuditLog } from '../../../../harness/telemetry/audit/index.ts';

const accounts = parseAccounts(
  'root:x:0:0::/root:\nalice:x:1000:1000::/home/alice:',
  'root:x:0:\ncrontab:x:101:',
);
const ids =
  'ppid=10 pid=11 auid=4294967295 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=101 sgid=101 fsgid=101 tty=(none) ses=4294967295';
const at = (serial: number) => `msg=audit(1700000000.000:${serial}):`;
const call = (number: number, more = 'success=yes exit=0', serial = 1) =>
  `type=SYSCALL ${at(serial)} arch=c000003e syscall=${number} ${more} a0=1 a1=2 a2=3 a3=4 items=2 ${ids} comm="crontab" exe="/usr/bin/crontab" key="cron"`;
const path = (
  name: string,
  nametype: string,
  more = 'inode=7 dev=00:3a mode=0100600 ouid=1000 ogid=101 rdev=00:00',
) => `type=PATH ${at(1)} item=0 name="${name}" ${more} nametype=${nametype}`;
const cwd = `type=CWD ${at(1)} cwd="/var/spool/cron"`;
const one = (...lines: string[]): EcsEvent => {
  const [event, ...others] = parseAuditLog([...lines, `type=EOE ${at(1)}`], accounts);
  if (!event || others.length > 0) expect.fail('expected one event');
  return event;
};

describe('files', () => {
  it('a rename is told by its new name, with the old one beside it', () => {
    const event = one(
      call(82),
      cwd,
      path('crontabs/', 'PARENT'),
      path('crontabs/', 'PARENT'),
      path('crontabs/tmp.x', 'DELETE'),
      path('crontabs/alice', 'CREATE'),
    );
    expect(event).toMatchObject({
      event: { category: ['file'], type: ['change', 'creation'], action: 'renamed', outcome: 'success' },
      file: {
        path: '/var/spool/cron/crontabs/alice',
        name: 'alice',
        mode: '0600',
        owner: 'alice',
        group: 'crontab',
        Ext: { original: { path: '/var/spool/cron/crontabs/tmp.x' } },
      },
      tags: ['cron'],
    });
  });

  it('a file that is created has that among its types; one that is opened has not', () => {
    expect(
      one(call(257), cwd, path('/etc/cron.d/', 'PARENT'), path('/etc/cron.d/x', 'CREATE')).event.type,
    ).toEqual(['info', 'creation']);
    expect(one(call(257), cwd, path('/etc/crontab', 'NORMAL')).event.type).toEqual(['info']);
  });

  it('a link is told by its own name, with what it leads to', () => {
    // On an overlay the upper layer's twin comes first, under the target's name.
    const symbolic = one(
      call(266),
      cwd,
      path('/etc/systemd/system/timers.target.wants/', 'PARENT'),
      path('/etc/systemd/system/x.timer', 'CREATE'),
      path('/etc/systemd/system/timers.target.wants/x.timer', 'CREATE'),
    );
    expect(symbolic).toMatchObject({
      event: { action: 'symlinked', type: ['creation'] },
      file: {
        path: '/etc/systemd/system/timers.target.wants/x.timer',
        extension: 'timer',
        target_path: '/etc/systemd/system/x.timer',
      },
    });
    const hard = one(
      call(265),
      cwd,
      path('/tmp/x', 'NORMAL'),
      path('/etc/cron.d/', 'PARENT'),
      path('/etc/cron.d/y', 'CREATE'),
    );
    expect(hard).toMatchObject({
      event: { action: 'linked' },
      file: { path: '/etc/cron.d/y', target_path: '/tmp/x' },
    });
  });

  it('Red Hat 7 has its own word for what a path is', () => {
    const made = one(
      call(257),
      cwd,
      `type=PATH ${at(1)} item=0 name="/etc/cron.d/" objtype=PARENT`,
      `type=PATH ${at(1)} item=1 name="/etc/cron.d/x" objtype=CREATE`,
    );
    expect(made).toMatchObject({ event: { type: ['info', 'creation'] }, file: { path: '/etc/cron.d/x' } });
  });

  it('what failed says so', () => {
    expect(one(call(257, 'success=no exit=-13'), cwd, path('/etc/crontab', 'NORMAL')).event.outcome).toBe(
      'failure',
    );
  });
});

describe('programs', () => {
  const executed = one(
    call(59),
    `type=EXECVE ${at(1)} argc=3 a0="crontab" a1="-u" a2=`,
    cwd,
    path('/usr/bin/crontab', 'NORMAL'),
    `type=PROCTITLE ${at(1)} proctitle="crontab"`,
  );

  it('have their arguments, as Elastic and as Sigma look for them', () => {
    expect(executed).toMatchObject({
      event: { category: ['process'], type: ['start'], action: 'executed' },
      process: {
        pid: 11,
        parent: { pid: 10 },
        name: 'crontab',
        executable: '/usr/bin/crontab',
        args: ['crontab', '-u', ''],
        command_line: 'crontab -u ',
        working_directory: '/var/spool/cron',
        title: 'crontab',
      },
      auditd: {
        message_type: ['syscall', 'execve', 'cwd', 'path', 'proctitle'],
        data: { a0: ['1', 'crontab'], a1: ['2', '-u'], syscall: 'execve', argc: '3' },
      },
    });
  });

  it('have no entity id: records name a pid only', () => {
    expect(executed.process).not.toHaveProperty('entity_id');
  });

  it('run as somebody, by id and by name', () => {
    expect(executed.user).toEqual({
      id: '1000',
      name: 'alice',
      group: { id: '1000' },
      effective: { id: '1000', name: 'alice', group: { id: '101', name: 'crontab' } },
      saved: { id: '1000', name: 'alice', group: { id: '101', name: 'crontab' } },
      filesystem: { id: '1000', name: 'alice', group: { id: '101', name: 'crontab' } },
    });
  });

  it('have the names that auditd wrote into an enriched log', () => {
    const [event] = parseAuditLog([
      `${call(59)}\u001dARCH=x86_64 SYSCALL=execve AUID="unset" UID="carol" GID="staff"`,
    ]);
    expect(event?.user).toMatchObject({ id: '1000', name: 'carol', group: { id: '1000', name: 'staff' } });
    expect(event?.auditd).toMatchObject({ interpreted: { SYSCALL: 'execve' } });
  });

  it('may have argument lists that go on in further records', () => {
    const event = one(
      call(59),
      `type=EXECVE ${at(1)} argc=3 a0="x" a1_len=8 a1[0]=61616161`,
      `type=EXECVE ${at(1)} a1[1]=62626262 a2="last"`,
    );
    expect(event.process?.args).toEqual(['x', 'aaaabbbb', 'last']);
  });

  it('cannot make us count for ever', () => {
    expect(
      one(call(59), `type=EXECVE ${at(1)} argc=4000000000 a0="x"`).process?.args?.length,
    ).toBeLessThanOrEqual(10_000);
  });
});

it('a session of cron belongs to the user for whom it was opened', () => {
  const line = `type=USER_START ${at(1)} pid=7 uid=0 auid=1000 ses=4 msg='op=PAM:session_open acct="alice" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'`;
  expect([...parseAuditLog([line], accounts)]).toMatchObject([
    {
      event: { category: ['session'], type: ['start'], action: 'started-session', outcome: 'success' },
      user: { id: '1000', name: 'alice', effective: { id: '1000', name: 'alice' } },
      process: { executable: '/usr/sbin/cron' },
    },
  ]);
});

describe('a log', () => {
  const group = (serial: number, seconds = 0) => [
    `type=SYSCALL msg=audit(${1_700_000_000 + seconds}.000:${serial}): arch=c000003e syscall=59 pid=${serial}`,
    `type=PROCTITLE msg=audit(${1_700_000_000 + seconds}.000:${serial}): proctitle="x"`,
  ];
  const serials = (lines: string[]) =>
    [...parseAuditLog(lines)].map(({ auditd }) => (auditd as { sequence: number }).sequence);

  it('gives events in the order of their serial numbers, whatever came between', () => {
    const [a = '', b = ''] = group(1);
    const [c = '', d = ''] = group(2);
    expect(serials([c, a, d, b])).toEqual([1, 2]);
  });

  it.each([
    [
      'the next boot counts from 1 again',
      [
        [900, 0],
        [901, 1],
        [1, 60],
        [2, 61],
      ],
    ],
    [
      'a clock was set back',
      [
        [10, 60],
        [11, 0],
        [12, 1],
      ],
    ],
    [
      'a boot has fewer events than the one before',
      [
        [5, 0],
        [1, 60],
        [5, 61],
      ],
    ],
  ] as const)('gives events in the order in which they happened: %s', (_, events) => {
    const lines = events.flatMap(([serial, seconds]) => group(serial, seconds));
    expect(serials(lines)).toEqual(events.map(([serial]) => serial));
  });

  it('tells events of one number apart by their time and their machine', () => {
    const [a = '', b = ''] = group(1);
    const [later = ''] = group(1, 60);
    const other = a.replace('pid=1', 'pid=7');
    const lines = [a, later.replace('pid=1', 'pid=9'), `node=web2 ${other}`, b];
    expect([...parseAuditLog(lines)].map(({ process, host }) => [process?.pid, host?.name])).toEqual([
      [1, undefined],
      [9, undefined],
      [7, 'web2'],
    ]);
  });

  it('knows events by the line on which they begin', () => {
    const reader = new AuditLogReader();
    const read = [...group(1), ...group(2)].flatMap((line, index) => reader.push(line, index + 1) ?? []);
    expect([...read, ...reader.end()].map(({ line }) => line)).toEqual([1, 3]);
  });

  it('keeps the parts of events that it was cut down to in their places', () => {
    expect([
      ...parseAuditLog(['type=PATH msg=audit(1.0:1): name="/etc/cron.d/x" nametype=CREATE']),
    ]).toMatchObject([
      { auditd: { message_type: ['path'], paths: [{ name: '/etc/cron.d/x', nametype: 'CREATE' }] } },
    ]);
  });

  it('counts what is missing, also over the end of the numbers', () => {
    const reader = new AuditLogReader();
    for (const serial of [4294967294, 4294967295, 3, 4]) for (const line of group(serial)) reader.push(line);
    reader.end();
    expect(reader.lost).toBe(3);
  });

  it('does not wait for ever for the end of an event that never comes', () => {
    const reader = new AuditLogReader();
    const [open = ''] = group(1);
    reader.push(open);
    const given = Array.from({ length: 10 }, (_, index) => group(index + 2, 60))
      .flat()
      .flatMap((line) => reader.push(line) ?? []);
    expect(given[0]?.event.auditd).toMatchObject({ sequence: 1 });
  });

  it('numbers its events from 1', () => {
    expect([...parseAuditLog([...group(5), ...group(6)])].map(({ event }) => event.id)).toEqual([
      'audit-1',
      'audit-2',
    ]);
  });
});
