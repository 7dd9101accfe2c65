// One line of an audit log in all the forms in which it is met, and what its fields mean.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuditLog } from '../../../../harness/telemetry/audit/index.ts';
import { interpret } from '../../../../harness/telemetry/audit/interpret.ts';
import { type AuditRecord, parseAuditLine } from '../../../../harness/telemetry/audit/record.ts';
import { socketAddress } from '../../../../harness/telemetry/audit/socket-address.ts';

const record = (line: string): AuditRecord => {
  const parsed = parseAuditLine(line);
  if (!parsed) expect.fail(`not read: ${line}`);
  return parsed;
};
const fields = (line: string): Record<string, string> => Object.fromEntries(interpret(record(line)).data);

describe('the line', () => {
  it.each([
    ['auditd’s log', 'type=CWD msg=audit(1700000000.123:42): cwd="/etc"'],
    ['the kernel’s stream', 'type=1307 msg=audit(1700000000.123:42): cwd="/etc"'],
    ['a log from several machines', 'node=web1 type=CWD msg=audit(1700000000.123:42): cwd="/etc"'],
    ['the dispatcher’s', 'audispd: node=web1 type=CWD msg=audit(1700000000.123:42): cwd="/etc"'],
    ['the kernel log', '[   12.345678] audit: type=1307 audit(1700000000.123:42): cwd="/etc"'],
    ['dmesg -r', '<5>[   12.345678] audit: type=1307 audit(1700000000.123:42): cwd="/etc"'],
    ['dmesg -T', '[Tue Nov 14 22:13:20 2023] audit: type=1307 audit(1700000000.123:42): cwd="/etc"'],
    ['a line of CR and LF', 'type=CWD msg=audit(1700000000.123:42): cwd="/etc"\r'],
  ])('is read from %s', (_, line) => {
    expect(record(line)).toMatchObject({ type: 'CWD', time: 1_700_000_000_123, serial: 42 });
    expect(fields(line)).toEqual({ cwd: '/etc' });
  });

  it('is none where somebody else only tells of one', () => {
    expect(parseAuditLine('x type=CWD msg=audit(1700000000.123:42): cwd="/etc"')).toBeUndefined();
    expect(parseAuditLine('  type=CWD msg=audit(1700000000.123:42): cwd="/etc"')).toBeUndefined();
  });

  it.each(['', '----', 'time->Sat Nov 21 2026', 'type=CWD', 'type=CWD msg=audit(x:1): cwd="/"'])(
    'is none: %j',
    (line) => {
      expect(parseAuditLine(line)).toBeUndefined();
    },
  );

  it('keeps auditd’s readable forms apart', () => {
    const line =
      'type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=59 uid=1000 key="x"\u001dARCH=x86_64 SYSCALL=execve UID="alice"';
    expect(record(line).interpreted.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'ARCH=x86_64',
      'SYSCALL=execve',
      'UID=alice',
    ]);
    expect(fields(line)).toEqual({ arch: 'x86_64', syscall: 'execve', uid: '1000' });
  });

  it('knows them by their capitals where the separator was lost', () => {
    const { interpreted } = record('type=SYSCALL msg=audit(1.000:1): uid=0 key="x" ARCH=x86_64 UID="root"');
    expect(interpreted.map(({ key }) => key)).toEqual(['ARCH', 'UID']);
  });

  it('names types that have no name as auditd does', () => {
    expect(record('type=1999 msg=audit(1.0:1): a=b').type).toBe('UNKNOWN[1999]');
    expect(record('type=UNKNOWN[1334] msg=audit(1.0:1): a=b').type).toBe('BPF');
  });
});

describe('fields', () => {
  it.each([
    [
      'hexadecimal paths',
      'type=PATH msg=audit(1.0:1): name=2F746D702F6120620A nametype=CREATE',
      { name: '/tmp/a b\n', nametype: 'CREATE' },
    ],
    ['quoted text that looks like it', 'type=PATH msg=audit(1.0:1): name="CAFE"', { name: 'CAFE' }],
    ['process titles', 'type=PROCTITLE msg=audit(1.0:1): proctitle=6174006E6F77', { proctitle: 'at now' }],
    [
      'arguments',
      'type=EXECVE msg=audit(1.0:1): argc=3 a0="sh" a1="-c" a2=6120C3BC',
      { argc: '3', a0: 'sh', a1: '-c', a2: 'a ü' },
    ],
    [
      'long arguments in parts',
      'type=EXECVE msg=audit(1.0:1): argc=2 a0="x" a1_len=4 a1[0]=6162 a1[1]=6364',
      { argc: '2', a0: 'x', a1_len: '4', a1: 'abcd' },
    ],
    [
      'errors',
      'type=SYSCALL msg=audit(1.0:1): arch=c00000b7 syscall=56 success=no exit=-13',
      { arch: 'aarch64', syscall: 'openat', exit: 'EACCES', result: 'fail' },
    ],
    [
      'calls of 32 bits',
      'type=SYSCALL msg=audit(1.0:1): arch=40000003 syscall=11 success=yes exit=0',
      { arch: 'i386', syscall: 'execve', exit: '0', result: 'success' },
    ],
    [
      'signals',
      'type=SECCOMP msg=audit(1.0:1): arch=c000003e syscall=321 sig=31',
      { arch: 'x86_64', syscall: 'bpf', sig: 'SIGSYS' },
    ],
    [
      'what PAM says',
      `type=USER_START msg=audit(1.0:1): pid=7 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:session_open acct="alice" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'`,
      {
        pid: '7',
        uid: '0',
        auid: 'unset',
        ses: 'unset',
        op: 'PAM:session_open',
        acct: 'alice',
        exe: '/usr/sbin/cron',
        terminal: 'cron',
        result: 'success',
      },
    ],
    [
      'what old PAM says',
      `type=USER_START msg=audit(1.0:1): user pid=7 uid=0 auid=0 msg='PAM: session open acct="root" : exe="/usr/sbin/crond" (hostname=?, addr=?, terminal=cron res=success)'`,
      {
        pid: '7',
        uid: '0',
        auid: '0',
        acct: 'root',
        exe: '/usr/sbin/crond',
        terminal: 'cron',
        result: 'success',
      },
    ],
    [
      'commands of sudo',
      `type=USER_CMD msg=audit(1.0:1): msg='cwd="/" cmd=6964202D75 res=success'`,
      { cwd: '/', cmd: 'id -u', result: 'success' },
    ],
    [
      'commands with quotes in them',
      `type=USER_CMD msg=audit(1.0:1): uid=0 msg='cwd="/" cmd="it's" terminal=pts/0 res=success'\u001dUID="root"`,
      { uid: '0', cwd: '/', cmd: "it's", terminal: 'pts/0', result: 'success' },
    ],
    [
      'names that end like an escaped quote',
      'type=PATH msg=audit(1.0:1): name="/tmp/x\\" inode=5 dev="a"',
      { name: '/tmp/x\\', inode: '5', dev: 'a' },
    ],
    [
      'names that look like what programs say',
      `type=PATH msg=audit(1.0:1): name="/msg='a'" inode=5`,
      { name: "/msg='a'", inode: '5' },
    ],
    [
      'names of programs in records of any type',
      'type=ANOM_ABEND msg=audit(1.0:1): comm=612062 exe=2F746D702F612062 sig=11',
      { comm: 'a b', exe: '/tmp/a b', sig: '11' },
    ],
    [
      'old logins',
      'type=LOGIN msg=audit(1.0:1): login pid=7 uid=0 old auid=4294967295 new auid=1000',
      { pid: '7', uid: '0', old_auid: '4294967295', new_auid: '1000' },
    ],
    [
      'SELinux’s decisions',
      'type=AVC msg=audit(1.0:1): avc:  denied  { read write } for  pid=7 comm="x" tclass=file',
      { seresult: 'denied', seperms: 'read,write', pid: '7', comm: 'x', tclass: 'file' },
    ],
    [
      'SELinux’s labels',
      'type=PATH msg=audit(1.0:1): obj=system_u:object_r:cron_t:s0-s0:c0.c1023',
      {
        obj_user: 'system_u',
        obj_role: 'object_r',
        obj_domain: 'cron_t',
        obj_level: 's0-s0',
        obj_category: 'c0.c1023',
      },
    ],
  ])('%s', (_, line, expected) => {
    expect(fields(line)).toEqual(expected);
  });

  it.each([
    ['key="cron"', ['cron']],
    ['key="key=cron"', ['cron']],
    ['key=6578656301363462697473', ['exec', '64bits']],
    ['key=(null)', []],
  ])('%s', (written, tags) => {
    expect(interpret(record(`type=SYSCALL msg=audit(1.0:1): ${written}`)).tags).toEqual(tags);
  });

  it.each([
    ['02000050A9FEA9FE0000000000000000', { family: 'ipv4', addr: '169.254.169.254', port: '80' }],
    ['0A000016000000000000000000000000000000000000000100000000', { family: 'ipv6', addr: '::1', port: '22' }],
    ['0A0000160000000020010DB8000000000000000000000001', { family: 'ipv6', addr: '2001:db8::1', port: '22' }],
    ['01002F72756E2F7800', { family: 'unix', path: '/run/x' }],
    ['0100002F61', { family: 'unix', path: '@/a' }],
    ['100000000000000000000000', { family: 'netlink', saddr: '100000000000000000000000' }],
    ['0200', { family: '2', saddr: '0200' }],
  ])('socket address %s', (hex, expected) => {
    expect(socketAddress(hex)).toEqual(expected);
  });
});

it('reads a long line in time that grows with its length', () => {
  const before = process.cpuUsage().user;
  for (const part of ['a', 'a=', 'a="', ' ', " msg='"]) {
    const line = `type=USER_CMD msg=audit(1.0:1): ${part.repeat(200_000 / part.length)}`;
    expect(parseAuditLine(line)?.type).toBe('USER_CMD');
  }
  expect(process.cpuUsage().user - before).toBeLessThan(30_000_000);
});

it('reads any text without a throw, and every event can be written as JSON', () => {
  const word = fc.oneof(
    fc.stringMatching(/^[a-z0-9_-]{1,8}=[^\s]{0,20}$/),
    fc.string(),
    fc.constantFrom(
      'arch=constructor',
      'argc=99999999',
      'exit=-99999',
      'key=01',
      'saddr=0',
      'msg=\'op="',
      'uid=toString',
    ),
  );
  const type = fc.constantFrom(
    'SYSCALL',
    'PATH',
    'EXECVE',
    'SOCKADDR',
    'USER_LOGIN',
    'AVC',
    'LOGIN',
    '1300',
    '__proto__',
  );
  const line = fc
    .tuple(type, fc.nat(5), fc.array(word, { maxLength: 8 }))
    .map(([name, serial, words]) => `type=${name} msg=audit(1.000:${serial}): ${words.join(' ')}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      for (const event of parseAuditLog(lines)) {
        expect(event.event.id).toMatch(/^audit-\d+$/);
        JSON.stringify(event);
      }
    }),
  );
});
