// What the values of audit records say, and what is no value: by the lines in which they are met.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAuditLog } from '../../../../harness/telemetry/audit/index.ts';

const at = 'msg=audit(1700000200.250:31):';
const call = (more = '') =>
  `type=SYSCALL ${at} arch=c000003e syscall=59 success=yes exit=0 ppid=3 pid=4 uid=1001 gid=1001 comm="p" exe="/bin/p" ${more}`;
const one = (...lines: readonly string[]) => {
  const [event, ...others] = parseAuditLog(lines);
  if (!event || others.length > 0) expect.fail('expected one event');
  return event;
};
const data = (line: string) => (one(line).auditd as { data: Record<string, unknown> }).data;

describe('a quoted value is text, whatever it looks like', () => {
  it.each(['?', '(null)', '(none)', 'DEADBEEF', 'unset', '4294967295'])('%s', (text) => {
    const event = one(
      call(),
      `type=EXECVE ${at} argc=2 a0="rm" a1="${text}"`,
      `type=CWD ${at} cwd="/srv"`,
      `type=PATH ${at} item=0 name="${text}" nametype=NORMAL`,
    );
    expect(event.process?.args).toEqual(['rm', text]);
    expect(event.file).toMatchObject({ name: text, path: `/srv/${text}` });
  });

  it.each(['?', '(null)'])('one that is not quoted says nothing: %s', (text) => {
    const event = one(call(`key=${text}`), `type=PATH ${at} item=0 name=${text} nametype=NORMAL`);
    expect([event.tags, event.file]).toEqual([undefined, undefined]);
  });
});

describe('arguments', () => {
  it.each([
    ['hexadecimal', ['argc=2 a0=2F62696E2F7368 a1=6120220A'], ['/bin/sh', 'a "\n']],
    ['of an odd number of digits, as written', ['argc=2 a0="x" a1=61626'], ['x', '61626']],
    ['in small letters, as written', ['argc=2 a0="x" a1=2f62'], ['x', '2f62']],
    ['digits in quotes, as written', ['argc=2 a0="x" a1="6162"'], ['x', '6162']],
    ['bytes that are no text', ['argc=2 a0="x" a1=FF41'], ['x', '\ufffdA']],
    ['in records of their own', ['argc=3 a0="x"', 'a1="y"', 'a2="z"'], ['x', 'y', 'z']],
    ['in parts', ['argc=2 a0="x" a1_len=8 a1[0]=61616161', 'a1[1]=62626262'], ['x', 'aaaabbbb']],
    ['in quoted parts', ['argc=2 a0="x" a1_len=4 a1[0]="aa" a1[1]="bb"'], ['x', 'aabb']],
    ['more than ten parts', [`argc=1 a0_len=24 ${parts(12)}`], ['aabbccddeeffgghhiijjkkll']],
    ['a part between them lost', ['argc=2 a0="x" a1[0]=6161', 'a1[2]=6363'], ['x', 'aa\ufffdcc']],
    ['the first part lost', ['argc=2 a0="x" a1[1]=6262'], ['x', '\ufffdbb']],
    ['empty', ['argc=3 a0="x" a1="" a2="z"'], ['x', '', 'z']],
  ] as const)('%s', (_, records, args) => {
    const event = one(call(), ...records.map((record) => `type=EXECVE ${at} ${record}`));
    expect(event.process).toMatchObject({ args, command_line: args.join(' '), args_count: args.length });
  });

  it('are told where the log was cut down to them', () => {
    expect(one(`type=EXECVE ${at} argc=2 a0="at" a1="-l"`).process).toEqual({
      args: ['at', '-l'],
      args_count: 2,
      command_line: 'at -l',
    });
  });
});

function parts(count: number): string {
  const part = (index: number) => Buffer.from(String.fromCharCode(97 + index).repeat(2)).toString('hex');
  return Array.from({ length: count }, (_, index) => `a0[${index}]=${part(index).toUpperCase()}`).join(' ');
}

describe('auditd’s additions are known however they are set apart', () => {
  it.each(['\u001d', '#035', '\\x1d', '\\u001d', '\\035', '^]', ''])('by %j', (separator) => {
    for (const [key, tags] of [
      ['(null)', undefined],
      ['"cron"', ['cron']],
      ['6101622063', ['a', 'b c']],
    ] as const) {
      const event = one(call(`key=${key}${separator}ARCH=x86_64 SYSCALL=execve AUID="unset" UID="dora"`));
      expect([event.tags, event.user?.name]).toEqual([tags, 'dora']);
      expect(event.auditd).toMatchObject({ interpreted: { ARCH: 'x86_64', SYSCALL: 'execve', UID: 'dora' } });
    }
  });

  it('what a user wrote in quotes is none of them', () => {
    const event = one(call(`key="xUID=root"`));
    expect([event.tags, event.user?.name]).toEqual([['xUID=root'], undefined]);
  });

  it.each([
    ['key="a" key="b"', ['a', 'b']],
    ['key=610162', ['a', 'b']],
    ['key="a b"', ['a b']],
  ])('keys: %s', (written, tags) => {
    expect(one(call(written)).tags).toEqual(tags);
  });
});

describe('names of an enriched log', () => {
  it('are those of each record’s ids', () => {
    const event = one(
      call('euid=0\u001dUID="dora" GID="staff" EUID="root"'),
      `type=PATH ${at} item=0 name="/d/" ouid=0 ogid=0 nametype=PARENT\u001dOUID="root" OGID="wheel"`,
      `type=PATH ${at} item=1 name="/d/x" ouid=1002 ogid=101 nametype=CREATE\u001dOUID="emil" OGID="crontab"`,
    );
    expect(event.user).toMatchObject({
      id: '1001',
      name: 'dora',
      group: { name: 'staff' },
      effective: { id: '0', name: 'root' },
    });
    expect(event.file).toMatchObject({ uid: '1002', owner: 'emil', gid: '101', group: 'crontab' });
  });

  it.each(['unset', 'unknown(1001)', '4294967295'])('are none where the machine had none: %s', (told) => {
    expect(one(call(`\u001dUID="${told}"`)).user).not.toHaveProperty('name');
  });

  const added = (type: string, said: string, names: string) =>
    one(
      `type=${type} ${at} pid=4 uid=0 auid=1001 ses=2 msg='${said} exe="/usr/sbin/x" hostname=? addr=? terminal=pts/1 res=success'\u001dUID="root" AUID="dora" ${names}`,
    ).user;

  it('are told of who acted and on whom', () => {
    expect(added('USER_START', 'op=PAM:session_open acct="emil"', '')).toMatchObject({
      id: '1001',
      name: 'dora',
      effective: { name: 'emil' },
    });
    expect(added('ADD_USER', 'op=add-user id=1009', 'ID="mallory"')).toMatchObject({
      name: 'dora',
      effective: { id: '0', name: 'root' },
      target: { id: '1009', name: 'mallory' },
    });
    expect(added('ADD_GROUP', 'op=add-group id=1009', 'ID="cronies"')).toMatchObject({
      target: { group: { id: '1009', name: 'cronies' } },
    });
  });
});

describe('what programs say', () => {
  const said = (type: string, words: string) =>
    data(`type=${type} ${at} pid=4 uid=0 auid=1001 ses=2 msg='${words}'`);
  it.each([
    ['USER_CMD', 'cwd="/" cmd=6174202D66202F782079 terminal=pts/1 res=success', { cmd: 'at -f /x y' }],
    ['USER_CMD', 'cwd="/" cmd="id" terminal=pts/1 res=success', { cmd: 'id' }],
    ['USER_CMD', `cwd="/" cmd="sh -c 'at now'" terminal=pts/1 res=success`, { cmd: "sh -c 'at now'" }],
    ['USER_ACCT', 'op=PAM:accounting acct="emil" exe="/bin/su" res=success', { acct: 'emil' }],
    ['USER_AUTH', 'op=PAM:authentication acct=28756E6B6E6F776E29 res=failed', { acct: '(unknown)' }],
    ['CRED_ACQ', 'op=PAM:setcred grantors=pam_unix acct="root" res=success', { op: 'PAM:setcred' }],
    ['CRED_DISP', 'op=PAM:setcred acct="root" exe="/x y" res=success', { acct: 'root' }],
    ['USER_LOGIN', 'op=login acct="?" exe="/usr/sbin/sshd" res=failed', { op: 'login' }],
  ])('%s %s', (type, words, expected) => {
    expect(said(type, words)).toMatchObject(expected);
    if (words.includes('acct="?"')) expect(said(type, words)).not.toHaveProperty('acct');
  });

  it('is read as far as it goes where the line is cut', () => {
    expect(
      data(`type=USER_ACCT ${at} pid=4 uid=0 msg='op=PAM:accounting acct="emil" exe="/bi`),
    ).toMatchObject({
      op: 'PAM:accounting',
      acct: 'emil',
    });
  });
});

describe('several records of one kind', () => {
  const avc = (permission: string, kind: string) =>
    `type=AVC ${at} avc:  denied  { ${permission} } for  pid=4 comm="p" scontext=a:b:c:s0 tcontext=d:e:f:s0 tclass=${kind}`;
  const object = (pid: number, name: string) => `type=OBJ_PID ${at} opid=${pid} ouid=0 ocomm="${name}"`;
  it.each([
    [
      'decisions about a call',
      [call(), avc('write', 'dir'), avc('create', 'file')],
      'tclass',
      ['file', 'dir'],
    ],
    ['decisions alone', [avc('write', 'dir'), avc('create', 'file')], 'tclass', ['file', 'dir']],
    ['processes', [call(), object(7, 'atd'), object(8, 'cron')], 'ocomm', ['atd', 'cron']],
    ['the same twice', [call(), object(7, 'atd'), object(7, 'atd')], 'ocomm', 'atd'],
  ])('%s stand side by side', (_, lines, key, values) => {
    for (const order of [lines, lines.toReversed()])
      expect((one(...order).auditd as { data: object }).data).toHaveProperty(key, values);
  });

  it('a record that was sent twice is there once', () => {
    const lines = [call(), `type=PATH ${at} item=0 name="/x" nametype=NORMAL`];
    expect(one(...lines, ...lines)).toEqual(one(...lines));
  });
});

describe('anomalies are alerts of intrusion detection', () => {
  it.each([
    ['ANOM_PROMISCUOUS', 'dev=eth0 prom=256 old_prom=0', 'changed-promiscuous-mode-on-device', []],
    ['ANOM_ABEND', 'pid=4 comm="atd" exe="/usr/sbin/atd" sig=11', 'crashed-program', ['process']],
    ['ANOM_LINK', 'op=linkat pid=4 comm="ln" res=0', 'used-suspicious-link', []],
    ['ANOM_EXEC', 'cmd="x" terminal=pts/1', 'attempted-execution-of-forbidden-program', ['process']],
    ['ANOM_LOGIN_FAILURES', 'acct="emil"', 'failed-log-in-too-many-times-to', ['authentication']],
    ['ANOM_CREAT', 'op=sticky pid=4 res=0', 'anom_creat', []],
    ['1701', 'pid=4 comm="atd" sig=6', 'crashed-program', ['process']],
  ])('%s', (type, fields, action, category) => {
    expect(one(`type=${type} ${at} ${fields}`).event).toMatchObject({
      kind: 'alert',
      action,
      category: ['intrusion_detection', ...category],
    });
  });

  it('what is done about them is an event', () => {
    expect(one(`type=RESP_KILL_PROC ${at} pid=4`).event.kind).toBe('event');
  });
});

it('numbers that are none are left out, times and serials that are none make no record', () => {
  expect(one(`type=SYSCALL ${at} arch=c000003e syscall=59 pid=x ppid=-1 comm="p"`).process).toEqual({
    name: 'p',
  });
  for (const stamp of ['99999999999999.000:1', `${'9'.repeat(400)}.000:1`, `1.000:${'9'.repeat(400)}`])
    expect([...parseAuditLog([`type=SYSCALL msg=audit(${stamp}): pid=4`])]).toEqual([]);
});

it('no line is too odd to be read, at no time', () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String);
  const words = fc.array(
    fc.constantFrom(
      'a0="x"',
      'a1[3]=61',
      'argc=-1',
      'mode=9',
      'pid=1e9',
      'key=',
      'saddr=02',
      '\u001dUID=1',
      "msg='",
    ),
    { maxLength: 5 },
  );
  const type = fc.constantFrom(
    'SYSCALL',
    'URINGOP',
    'EXECVE',
    'PATH',
    'OPENAT2',
    'OBJ_PID',
    'EOE',
    'UNKNOWN[9]',
  );
  const line = fc
    .tuple(type, digits, digits, digits, words)
    .map(([name, s, ms, serial, said]) => `type=${name} msg=audit(${s}.${ms}:${serial}): ${said.join(' ')}`);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
      for (const event of parseAuditLog(lines))
        expect(event['@timestamp']).toBe(new Date(event['@timestamp']).toISOString());
    }),
  );
});
