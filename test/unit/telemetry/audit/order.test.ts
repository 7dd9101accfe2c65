// The records of one event in any order are the same event, read from a log.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditLogReader, parseAuditLog } from '../../../../harness/telemetry/audit/index.ts';

const at = 'msg=audit(1700003600.250:77):';
const who =
  'ppid=20 pid=21 auid=1001 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts1 ses=9 comm="sh" exe="/usr/bin/dash" key="jobs"';
const call = (number: number, more: string) =>
  `type=SYSCALL ${at} arch=c000003e syscall=${number} success=yes exit=0 ${more} ${who}`;
const fd = 'a0=ffffff9c a1=7ffd a2=241 a3=1b6';

const events: readonly (readonly [what: string, lines: readonly string[], says: object])[] = [
  [
    'a program with arguments in several records',
    [
      call(59, 'a0=1 a1=2 a2=3 a3=4 items=2'),
      `type=EXECVE ${at} argc=3 a0="sh" a1="-c" a2_len=12 a2[0]=C3`,
      `type=EXECVE ${at} a2[1]=A920782079`,
      `type=CWD ${at} cwd="/srv/jobs"`,
      `type=PATH ${at} item=0 name="/bin/sh" inode=5 mode=0100755 ouid=0 ogid=0 nametype=NORMAL`,
      `type=PATH ${at} item=1 name="/lib64/ld.so" inode=6 mode=0100755 ouid=0 ogid=0 nametype=NORMAL`,
      `type=PROCTITLE ${at} proctitle=7368002D63`,
      `type=EOE ${at}`,
    ],
    {
      event: { action: 'executed', category: ['process'] },
      process: { command_line: 'sh -c é x y', working_directory: '/srv/jobs' },
      file: { path: '/bin/sh' },
      tags: ['jobs'],
    },
  ],
  [
    'a file that is created',
    [
      call(257, `${fd} items=2`),
      `type=CWD ${at} cwd="/etc"`,
      `type=PATH ${at} item=0 name="cron.d/" inode=5 mode=040755 nametype=PARENT`,
      `type=PATH ${at} item=1 name="cron.d/a" inode=6 mode=0100644 nametype=CREATE`,
      `type=PROCTITLE ${at} proctitle="sh"`,
    ],
    { event: { action: 'opened-file', type: ['info', 'creation'] }, file: { path: '/etc/cron.d/a' } },
  ],
  [
    'a connection',
    [
      call(42, 'a0=3 a1=7ffd a2=10 a3=0 items=0'),
      `type=SOCKADDR ${at} saddr=02000050C0000207`,
      `type=PROCTITLE ${at} proctitle="sh"`,
      `type=EOE ${at}`,
    ],
    { event: { action: 'connected-to' }, destination: { ip: '192.0.2.7', port: 80 } },
  ],
  [
    'a decision of SELinux about a call',
    [
      `type=AVC ${at} avc:  denied  { write } for  pid=21 comm="sh" scontext=a:b:c:s0 tcontext=d:e:f:s0 tclass=file`,
      call(257, `${fd} items=1`),
      `type=CWD ${at} cwd="/etc"`,
      `type=PATH ${at} item=0 name="/etc/crontab" inode=6 mode=0100644 nametype=NORMAL`,
    ],
    {
      event: { action: 'violated-selinux-policy', category: ['file'] },
      auditd: { data: { tclass: 'file' } },
    },
  ],
  [
    'an anomaly',
    [
      `type=ANOM_LINK ${at} op=follow_link ppid=20 pid=21 uid=0 comm="sh" exe="/usr/bin/dash" res=0`,
      call(257, `${fd} items=1`),
      `type=CWD ${at} cwd="/tmp"`,
      `type=PATH ${at} item=0 name="/tmp/l" inode=6 mode=0120777 nametype=NORMAL`,
      `type=PROCTITLE ${at} proctitle="sh"`,
    ],
    { event: { kind: 'alert', action: 'used-suspicious-link', category: ['intrusion_detection', 'file'] } },
  ],
  [
    'several decisions, objects and additions',
    [
      `type=AVC ${at} avc:  denied  { write } for  pid=21 scontext=a:b:c:s0 tcontext=d:e:f:s0 tclass=dir`,
      `type=AVC ${at} avc:  denied  { create } for  pid=21 scontext=a:b:c:s0 tcontext=d:e:f:s0 tclass=file`,
      `${call(62, 'a0=0 a1=f a2=0 a3=0')}\u001dARCH=x86_64 SYSCALL=kill AUID="dora" UID="root"`,
      `type=OBJ_PID ${at} opid=7 oauid=-1 ouid=2 oses=-1 ocomm="atd"\u001dOAUID="unset" OUID="daemon"`,
      `type=OBJ_PID ${at} opid=8 oauid=-1 ouid=0 oses=-1 ocomm="cron"\u001dOAUID="unset" OUID="root"`,
      `type=PROCTITLE ${at} proctitle="sh"`,
    ],
    {
      event: { action: 'violated-selinux-policy', category: ['process'] },
      user: { id: '0', name: 'root', audit: { id: '1001', name: 'dora' } },
      auditd: { data: { tclass: ['file', 'dir'], opid: ['7', '8'], ocomm: ['atd', 'cron'] } },
    },
  ],
  [
    'a change of the clock',
    [
      `type=TIME_INJOFFSET ${at} sec=-7 nsec=0`,
      `type=TIME_ADJNTPVAL ${at} op=offset old=1 new=2`,
      call(159, 'a0=7ffd a1=0 a2=0 a3=0 items=0'),
      `type=PROCTITLE ${at} proctitle="sh"`,
    ],
    { event: { action: 'changed-system-time', category: ['host'], type: ['change'] } },
  ],
];

describe.each(events)('%s', (_, lines, says) => {
  const [inOrder] = parseAuditLog(lines);

  it('is told', () => {
    expect(inOrder).toMatchObject(says);
  });

  it('is the same event in any order of its records', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...lines], { minLength: lines.length }), (shuffled) => {
        expect([...parseAuditLog(shuffled)]).toEqual([inOrder]);
      }),
    );
  });

  it('is the same event among others whose lines come between its own', () => {
    const others = [76, 78].map((serial) => lines.map((line) => line.replace(':77)', `:${serial})`)));
    const three = [lines, ...others].flatMap((group) => [...group]);
    fc.assert(
      fc.property(fc.shuffledSubarray(three, { minLength: three.length }), (shuffled) => {
        const read = [...parseAuditLog(shuffled)];
        expect(read.map(({ auditd }) => (auditd as { sequence: number }).sequence)).toEqual([76, 77, 78]);
        expect({ ...read[1], event: { ...read[1]?.event, id: 'audit-1' } }).toEqual(inOrder);
      }),
    );
  });
});

describe('what was complete does not wait for ever', () => {
  const lines = (serial: number, seconds: number) =>
    [`type=SYSCALL msg=M: arch=c000003e syscall=59 pid=${serial}`, 'type=PROCTITLE msg=M: proctitle="x"'].map(
      (line) => line.replace('M', `audit(${1_700_000_000 + seconds}.000:${serial})`),
    );

  it.each([
    ['a later event', (reader: AuditLogReader) => lines(2, 3).map((line) => reader.push(line) ?? [])],
    ['many other lines', (reader: AuditLogReader) => Array.from({ length: 64 }, () => reader.pass())],
    ['the end of the log', (reader: AuditLogReader) => [reader.end()]],
  ])('%s lets it go', (_, happens) => {
    const reader = new AuditLogReader();
    expect(lines(1, 0).flatMap((line) => reader.push(line) ?? [])).toEqual([]);
    expect(happens(reader).flat()).toMatchObject([{ event: { process: { pid: 1 } } }]);
  });

  it('is bounded: a log of events at one moment is given while it is read', () => {
    const reader = new AuditLogReader();
    let given = 0;
    for (let serial = 1; serial <= 1000; serial++)
      for (const line of lines(serial, 0)) given += reader.push(line)?.length ?? 0;
    expect(given).toBeGreaterThan(900);
  });
});
