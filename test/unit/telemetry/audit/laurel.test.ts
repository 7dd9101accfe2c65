// Laurel's objects: the same event as the records that auditd would have logged.

import { expect, it } from 'vitest';
import { AuditLogReader, parseAuditLog } from '../../../../harness/telemetry/audit/index.ts';

const head = 'msg=audit(1767225600.123:100):';
const log = [
  `node=web1 type=SYSCALL ${head} arch=c000003e syscall=59 success=yes exit=0 a0=55d a1=1f a2=0 a3=8 items=1 ppid=1 pid=10 auid=1000 uid=0 gid=0 euid=0 tty=pts0 ses=1 comm="sh" exe="/usr/bin/dash" key="x"\u001dARCH=x86_64 SYSCALL=execve AUID="alice" UID="root" GID="root" EUID="root"`,
  `node=web1 type=EXECVE ${head} argc=4 a0="sh" a1="-c" a2=6563686F203130302520C3BC a3="0x10"`,
  `node=web1 type=CWD ${head} cwd="/root"`,
  `node=web1 type=PATH ${head} item=0 name=2F746D702F612062 inode=12 mode=0100755 nametype=NORMAL`,
  `node=web1 type=PATH ${head} item=1 name="/tmp/c" inode=13 mode=0100755 nametype=NORMAL`,
  `node=web1 type=PROCTITLE ${head} proctitle=7368002D63`,
];
const object = {
  ID: '1767225600.123:100',
  NODE: 'web1',
  SYSCALL: {
    arch: '0xc000003e',
    syscall: 59,
    success: 'yes',
    exit: 0,
    items: 1,
    ppid: 1,
    pid: 10,
    auid: 1000,
    uid: 0,
    gid: 0,
    euid: 0,
    tty: 'pts0',
    ses: 1,
    comm: 'sh',
    exe: '/usr/bin/dash',
    key: 'x',
    ARCH: 'x86_64',
    SYSCALL: 'execve',
    AUID: 'alice',
    UID: 'root',
    GID: 'root',
    EUID: 'root',
    ARGV: ['0x55d', '0x1f', '0x0', '0x8'],
  },
  EXECVE: { argc: 4, ARGV: ['sh', '-c', 'echo 100%25 ü', '0x10'] },
  CWD: { cwd: '/root' },
  PATH: [
    { item: 0, name: '/tmp/a b', inode: 12, mode: '0o100755', nametype: 'NORMAL' },
    { item: 1, name: '/tmp/c', inode: 13, mode: '0o100755', nametype: 'NORMAL' },
  ],
  PROCTITLE: { ARGV: ['sh', '-c'] },
  PARENT_INFO: { ARGV: ['bash'], exe: '/bin/bash', comm: 'bash', ppid: 1 },
};

it('says what the records say', () => {
  const [event, ...others] = new AuditLogReader().take(object, 7) ?? [];
  expect(others).toEqual([]);
  expect(event).toEqual({ line: 7, event: [...parseAuditLog(log)][0] });
});

it('has arguments in one text, too', () => {
  const [event] =
    new AuditLogReader().take({ ID: '1767225600.123:100', EXECVE: { argc: 2, ARGV_STR: 'at now' } }, 1) ?? [];
  expect(event?.event.process?.args).toEqual(['at', 'now']);
});

it.each([[{ ID: '1767225600.123' }], [{ ID: 5, SYSCALL: {} }], [{ id: '1767225600.123:100' }]])(
  'leaves %j to others',
  (value) => {
    expect(new AuditLogReader().take(value, 1)).toBeUndefined();
  },
);

it('makes no event of an object without records', () => {
  expect(new AuditLogReader().take({ ID: '1767225600.123:100', ENV: {}, SYSCALL: null }, 1)).toEqual([]);
});
