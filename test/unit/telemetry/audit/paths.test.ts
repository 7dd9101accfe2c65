// Which file an audit event is of: names resolved, folders known or not told, of calls of every shape.

import { describe, expect, it } from 'vitest';
import { parseAuditLog } from '../../../../harness/telemetry/audit/index.ts';

const at = 'msg=audit(1700000100.500:9):';
const x64 = 'c000003e';
const i386 = '40000003';
const here = 'ffffff9c';
const result = (words: string) => `type=SYSCALL ${at} ${words} ppid=3 pid=4 uid=0 comm="p" exe="/bin/p"`;
const call = (number: number, registers: readonly string[], arch = x64, outcome = 'success=yes exit=0') =>
  result(
    `arch=${arch} syscall=${number} ${outcome} ${registers.map((value, index) => `a${index}=${value}`).join(' ')}`,
  );
const inFolder = (cwd: string) => `type=CWD ${at} cwd=${cwd}`;
const paths = (...names: readonly (readonly [name: string, role: string])[]) =>
  names.map(([name, role], item) => `type=PATH ${at} item=${item} name=${name} nametype=${role}`);
const files = (lines: readonly string[]) =>
  [...parseAuditLog(lines)].map(({ event, file }) => [
    event.action,
    file?.path,
    file?.name,
    file?.Ext?.original?.path,
  ]);
const actions = (lines: readonly string[]) => files(lines).map(([action, path]) => [action, path]);
const opened = (cwd: string, name: string) => [
  call(257, [here, '7ff0', '0']),
  inFolder(cwd),
  ...paths([name, 'NORMAL']),
];

describe('a name is the path that the kernel resolves it to', () => {
  it.each([
    ['"/srv"', '"/etc//cron.d///x"', '/etc/cron.d/x'],
    ['"/srv"', '"/etc/./cron.d/./x"', '/etc/cron.d/x'],
    ['"/srv"', '"/etc/cron.d/../passwd"', '/etc/passwd'],
    ['"/srv"', '"/../../etc/crontab"', '/etc/crontab'],
    ['"/srv"', '"/etc/cron.d/"', '/etc/cron.d'],
    ['"/srv"', '"//etc/crontab"', '/etc/crontab'],
    ['"/srv"', '"/etc/cron.d/..x"', '/etc/cron.d/..x'],
    ['"/srv"', '"/etc/cron.d/..."', '/etc/cron.d/...'],
    ['"/srv"', '"/"', '/'],
    ['"/srv"', '"/.."', '/'],
    ['"/etc"', '"cron.d/x"', '/etc/cron.d/x'],
    ['"/etc/cron.d"', '"../crontab"', '/etc/crontab'],
    ['"/etc/cron.d"', '"../../../../root/x"', '/root/x'],
    ['"/"', '"etc/crontab"', '/etc/crontab'],
    ['"/"', '"."', '/'],
    ['"/etc/"', '"./crontab"', '/etc/crontab'],
    ['"/etc/../srv"', '"x"', '/srv/x'],
    // `/srv/a b` and `x y`.
    ['2F7372762F612062', '782079', '/srv/a b/x y'],
    // `/tmp/ü`
    ['"/srv"', '2F746D702FC3BC', '/tmp/ü'],
  ])('in %s, %s', (cwd, name, path) => {
    expect(actions(opened(cwd, name))).toMatchObject([['opened-file', path]]);
  });

  it('also for programs and working folders', () => {
    const [event] = parseAuditLog([
      `type=SYSCALL ${at} arch=${x64} syscall=59 success=yes exit=0 pid=4 exe="/usr/lib/../bin//at"`,
      inFolder('"/srv/./jobs/"'),
    ]);
    expect(event?.process).toMatchObject({ executable: '/usr/bin/at', working_directory: '/srv/jobs' });
  });
});

describe('a relative name has a path where its folder is known', () => {
  const one = paths(['"x"', 'CREATE']);
  const two = paths(['"a"', 'DELETE'], ['"b"', 'CREATE']);
  const renamed = (path?: string, original?: string) => ['renamed', path, 'b', original];
  it.each([
    ['the working folder', 257, [here, '1'], x64, one, ['opened-file', '/srv/x', 'x', undefined]],
    ['it in 64 bits', 257, [`ffffffff${here}`, '1'], x64, one, ['opened-file', '/srv/x', 'x', undefined]],
    ['rubbish above the int', 257, [`12345678${here}`], x64, one, ['opened-file', '/srv/x', 'x', undefined]],
    ['a descriptor', 257, ['3', '1'], x64, one, ['opened-file', undefined, 'x', undefined]],
    ['descriptor 0', 257, ['0', '1'], x64, one, ['opened-file', undefined, 'x', undefined]],
    ['no register at all', 257, [], x64, one, ['opened-file', undefined, 'x', undefined]],
    ['a call without descriptors', 2, ['3', '1'], x64, one, ['opened-file', '/srv/x', 'x', undefined]],
    ['openat2', 437, ['5'], x64, one, ['opened-file', undefined, 'x', undefined]],
    ['mkdirat', 258, ['5'], x64, one, ['created-directory', undefined, 'x', undefined]],
    ['mknodat', 259, ['5'], x64, one, ['make-device', undefined, 'x', undefined]],
    ['fchownat', 260, ['5'], x64, one, ['changed-file-ownership-of', undefined, 'x', undefined]],
    ['unlinkat', 263, ['5'], x64, paths(['"x"', 'DELETE']), ['deleted', undefined, 'x', undefined]],
    ['fchmodat', 268, ['5'], x64, one, ['changed-file-permissions-of', undefined, 'x', undefined]],
    ['execveat', 322, ['5'], x64, paths(['"x"', 'NORMAL']), ['executed', undefined, 'x', undefined]],
    [
      'symlinkat: the link’s own folder',
      266,
      [here, '5'],
      x64,
      one,
      ['symlinked', undefined, 'x', undefined],
    ],
    ['symlinkat: no descriptor first', 266, ['5', here], x64, one, ['symlinked', '/srv/x', 'x', undefined]],
    ['renameat, both here', 264, [here, '1', here], x64, two, renamed('/srv/b', '/srv/a')],
    ['renameat, the old one elsewhere', 264, ['3', '1', here], x64, two, renamed('/srv/b')],
    ['renameat, the new one elsewhere', 264, [here, '1', '3'], x64, two, renamed(undefined, '/srv/a')],
    ['renameat2, both elsewhere', 316, ['3', '1', '3'], x64, two, renamed()],
    ['open of i386', 5, ['3', '1'], i386, one, ['opened-file', '/srv/x', 'x', undefined]],
    ['openat of i386', 295, [here, '1'], i386, one, ['opened-file', '/srv/x', 'x', undefined]],
    ['openat of i386 elsewhere', 295, ['3', '1'], i386, one, ['opened-file', undefined, 'x', undefined]],
    ['rename of i386', 38, ['1', '2'], i386, two, renamed('/srv/b', '/srv/a')],
    ['renameat of i386', 302, [here, '1', '3'], i386, two, renamed(undefined, '/srv/a')],
    ['symlinkat of i386', 304, ['1', '3'], i386, one, ['symlinked', undefined, 'x', undefined]],
    [
      'openat of arm64',
      56,
      [`ffffff${here}`, '1'],
      'c00000b7',
      one,
      ['opened-file', '/srv/x', 'x', undefined],
    ],
  ] as const)('%s', (_, number, registers, arch, named, expected) => {
    expect(files([call(number, registers, arch), inFolder('"/srv"'), ...named])).toEqual([expected]);
  });

  it('an absolute one has it whatever the descriptor', () => {
    const lines = [call(257, ['3', '1']), inFolder('"/srv"'), ...paths(['"/etc//x"', 'CREATE'])];
    expect(actions(lines)).toEqual([['opened-file', '/etc/x']]);
  });

  it('but not where the call took its folder for the root', () => {
    const lines = (folder: string) => [
      call(437, [folder, '1']),
      `type=OPENAT2 ${at} oflag=0100 mode=0600 resolve=0x10`,
      inFolder('"/srv"'),
      ...paths(['"/etc/x"', 'CREATE']),
    ];
    expect(files(lines('3'))).toEqual([['opened-file', undefined, 'x', undefined]]);
    expect(actions(lines(here))).toEqual([['opened-file', '/srv/etc/x']]);
  });

  it('without a CWD record there is no folder', () => {
    expect(actions([call(257, [here]), ...paths(['"x"', 'CREATE'])])).toEqual([['opened-file', undefined]]);
  });
});

describe('of several names', () => {
  const parents: readonly (readonly [string, string])[] = [
    ['"/t/"', 'PARENT'],
    ['"/d/"', 'PARENT'],
  ];
  it.each([
    [
      'a rename',
      316,
      [
        ['"/t/a"', 'DELETE'],
        ['"/d/b"', 'CREATE'],
      ],
      ['renamed', '/d/b', 'b', '/t/a'],
    ],
    [
      'a rename over a file',
      316,
      [
        ['"/t/a"', 'DELETE'],
        ['"/d/b"', 'DELETE'],
        ['"/d/b"', 'CREATE'],
      ],
      ['renamed', '/d/b', 'b', '/t/a'],
    ],
    [
      'an exchange (renameat2)',
      316,
      [
        ['"/t/a"', 'DELETE'],
        ['"/d/b"', 'DELETE'],
        ['"/d/b"', 'CREATE'],
        ['"/t/a"', 'CREATE'],
      ],
      ['renamed', '/d/b', 'b', '/t/a'],
    ],
    [
      'a hard link',
      265,
      [
        ['"/t/a"', 'NORMAL'],
        ['"/d/b"', 'CREATE'],
      ],
      ['linked', '/d/b', 'b', undefined],
    ],
    ['a removal', 263, [['"/d/b"', 'DELETE']], ['deleted', '/d/b', 'b', undefined]],
    ['a name that came to nothing', 263, [['"/d/b"', 'UNKNOWN']], ['deleted', '/d/b', 'b', undefined]],
    ['none but the folder', 263, [], ['deleted', '/t', 't', undefined]],
  ] as const)('%s', (_, number, names, expected) => {
    const lines = [call(number, [here, '1', here]), inFolder('"/srv"'), ...paths(...parents, ...names)];
    expect(files(lines)).toEqual([expected]);
  });

  it.each(['(null)', '""'])('a path without a name is no file: %s', (name) => {
    expect(files([call(91, ['3']), inFolder('"/srv"'), ...paths([name, 'NORMAL'])])).toEqual([
      ['changed-file-permissions-of', undefined, undefined, undefined],
    ]);
  });

  it('a mode that is none is left out', () => {
    const [event] = parseAuditLog([
      call(257, [here]),
      `type=PATH ${at} item=0 name="/x" mode=zz nametype=NORMAL`,
    ]);
    expect(event?.file).toEqual({ path: '/x', name: 'x', directory: '/' });
  });
});

describe('what comes by another way than a call of its own', () => {
  it.each([
    [
      18,
      [
        ['"/etc/cron.d/"', 'PARENT'],
        ['"/etc/cron.d/x"', 'CREATE'],
      ],
      ['opened-file', '/etc/cron.d/x'],
    ],
    [28, [['"/etc/cron.d/x"', 'NORMAL']], ['opened-file', '/etc/cron.d/x']],
    [
      35,
      [
        ['"/t/a"', 'DELETE'],
        ['"/etc/cron.d/x"', 'CREATE'],
      ],
      ['renamed', '/etc/cron.d/x'],
    ],
    [36, [['"/etc/cron.d/x"', 'DELETE']], ['deleted', '/etc/cron.d/x']],
    [
      37,
      [
        ['"/t/"', 'PARENT'],
        ['"/t/d"', 'CREATE'],
      ],
      ['created-directory', '/t/d'],
    ],
    // Below which folder, a ring's record does not say.
    [18, [['"x"', 'CREATE']], ['opened-file', undefined]],
    [0, [['"/x"', 'NORMAL']], ['uringop', undefined]],
  ] as const)('operation %d of io_uring', (operation, names, expected) => {
    const ring = `type=URINGOP ${at} uring_op=${operation} success=yes exit=5 items=2 ppid=3 pid=4 uid=0 key="ring"`;
    const lines = [ring, inFolder('"/srv"'), ...paths(...names)];
    expect(actions(lines)).toEqual([expected]);
    expect([...parseAuditLog(lines)]).toMatchObject([
      { tags: ['ring'], process: { pid: 4 }, event: { outcome: 'success' } },
    ]);
  });

  it.each([
    ['1', 'socket', undefined],
    ['2', 'bound-socket', undefined],
    ['3', 'connected-to', 'destination'],
    ['c', 'received-from', 'source'],
    ['63', 'socketcall', undefined],
  ] as const)('socketcall %s of i386', (a0, action, place) => {
    const [event] = parseAuditLog([
      call(102, [a0, 'bf', '0', '0'], i386),
      `type=SOCKADDR ${at} saddr=02000016C0000209`,
    ]);
    expect(event?.event.action).toBe(action);
    expect(event?.auditd).toMatchObject({ data: { syscall: 'socketcall', a0 } });
    for (const key of ['source', 'destination'] as const)
      expect(event?.[key]).toEqual(key === place ? { ip: '192.0.2.9', port: 22 } : undefined);
  });

  it('a machine that is not in the tables, by auditd’s name of the call', () => {
    const enriched = `${call(322, [here], '40000028')}\u001dARCH=arm SYSCALL=openat`;
    const lines = (head: string) => [head, inFolder('"/srv"'), ...paths(['"x"', 'CREATE'])];
    expect(actions(lines(enriched))).toEqual([['opened-file', '/srv/x']]);
    expect(actions(lines(enriched.replace('=openat', '=unknown-syscall(322)')))).toEqual([
      ['322', undefined],
    ]);
  });
});
