// Documents of Falco, Tetragon and osquery, written after what their documentation says of them.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { productEvent } from '../../../harness/telemetry/products/index.ts';
import { memoryIo } from '../cli/memory-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-products-'));
afterAll(() => rmSync(folder, { recursive: true }));

const falco = (fields: object) => ({
  hostname: 'web1',
  output: '10:00:00.000000000: Notice something',
  output_fields: { 'container.id': 'host', 'user.name': 'alice', 'user.uid': 1000, ...fields },
  priority: 'Notice',
  rule: 'Scheduling',
  source: 'syscall',
  tags: ['T1053.003'],
  time: '2026-01-01T10:00:00.000000000Z',
});

const tetragon = (kind: string, more: object = {}) => ({
  [kind]: {
    process: {
      exec_id: 'bm9kZTox',
      pid: 4242,
      uid: 1000,
      cwd: '/home/alice',
      binary: '/usr/bin/crontab',
      arguments: '- "a b"',
      flags: 'execve clone',
      start_time: '2026-01-01T10:00:00.000Z',
      auid: 1000,
      pod: {
        namespace: 'n',
        container: { id: 'containerd://0123abc', name: 'c', image: { name: 'docker.io/library/debian:12' } },
      },
    },
    parent: {
      exec_id: 'bm9kZToy',
      pid: 4200,
      uid: 0,
      binary: '/bin/bash',
      arguments: '-c "crontab -"',
      cwd: '/',
    },
    ...more,
  },
  node_name: 'node-1',
  time: '2026-01-01T10:00:01.000Z',
});

const osquery = (columns: object, more: object = {}) => ({
  name: 'pack_linux_anything',
  hostIdentifier: 'web1',
  calendarTime: 'Thu Jan  1 10:00:00 2026 UTC',
  unixTime: 1767261600,
  epoch: 0,
  counter: 3,
  numerics: false,
  columns,
  action: 'added',
  ...more,
});

const written = (function_name: string, ...args: object[]) =>
  tetragon('process_kprobe', { function_name, args });
const event = (category: string, type: string, action: string) =>
  expect.objectContaining({ category: [category], type: [type], action });

describe('Falco', () => {
  it('tells of an execution what its rule named', () => {
    const alert = falco({
      'evt.type': 'execve',
      'proc.exepath': '/usr/bin/at',
      'proc.name': 'at',
      'proc.cmdline': 'at -f "my job" now',
      'proc.pid': 77,
      'proc.cwd': '/tmp/',
      'proc.ppid': 70,
      'proc.pname': 'bash',
      'proc.pexepath': '/usr/bin/bash',
      'proc.pcmdline': 'bash -i',
    });
    expect(productEvent(alert)).toMatchObject({
      '@timestamp': '2026-01-01T10:00:00.000000000Z',
      event: event('process', 'start', 'exec'),
      host: { os: { type: 'linux' }, name: 'web1' },
      user: { id: '1000', name: 'alice' },
      rule: { name: 'Scheduling' },
      process: {
        pid: 77,
        executable: '/usr/bin/at',
        name: 'at',
        command_line: 'at -f "my job" now',
        args: ['at', '-f', 'my job', 'now'],
        working_directory: '/tmp/',
        parent: { pid: 70, executable: '/usr/bin/bash', name: 'bash', args: ['bash', '-i'] },
      },
      output_fields: alert.output_fields,
    });
    expect(productEvent(alert)).not.toHaveProperty('container');
  });

  it.each([
    [
      'openat',
      { 'fd.name': '/etc/cron.d/x', 'evt.arg.flags': 'O_CREAT|O_WRONLY|O_F_CREATED' },
      'creation',
      'creation',
    ],
    ['open', { 'fd.name': '/etc/cron.d/x', 'evt.is_open_create': true }, 'creation', 'creation'],
    [
      'openat2',
      { 'fd.name': '/etc/cron.d/x', 'evt.arg.flags': 'O_TRUNC|O_WRONLY' },
      'change',
      'modification',
    ],
    ['openat', { 'fd.name': '/etc/cron.d/x', 'evt.is_open_write': true }, 'change', 'modification'],
    ['openat', { 'fd.name': '/etc/cron.d/x', 'evt.arg.flags': 'O_RDONLY' }, 'access', 'open'],
    ['unlinkat', { 'fs.path.name': '/etc/cron.d/x' }, 'deletion', 'deletion'],
    ['fchmodat', { 'evt.arg.filename': '/etc/cron.d/x' }, 'change', 'permissions'],
    [
      'symlinkat',
      { 'evt.arg.linkpath': '/etc/cron.d/x', 'evt.arg.target': '/tmp/y' },
      'creation',
      'creation',
    ],
  ])('tells what %s did to a file: %j', (type, fields, kind, action) => {
    expect(productEvent(falco({ 'evt.type': type, ...fields }))).toMatchObject({
      event: event('file', kind, action),
      file: { path: '/etc/cron.d/x', name: 'x', directory: '/etc/cron.d' },
    });
  });

  it('of a rename tells both names, and of a relative one none', () => {
    const rename = (oldpath: string, newpath: string) =>
      productEvent(
        falco({ 'evt.type': 'renameat2', 'evt.arg.oldpath': oldpath, 'evt.arg.newpath': newpath }),
      );
    expect(rename('/tmp/y', '/etc/cron.d/x')).toMatchObject({
      event: event('file', 'change', 'rename'),
      file: { path: '/etc/cron.d/x', Ext: { original: { path: '/tmp/y' } } },
    });
    expect(rename('y', 'x')).not.toHaveProperty('file');
  });

  it('has times in nanoseconds, and containers', () => {
    const { time: _, ...alert } = falco({
      'evt.time': 1767261600123456789n,
      'container.id': '0123abc',
      'container.image.repository': 'debian',
    });
    expect(productEvent(alert)).toMatchObject({
      '@timestamp': '2026-01-01T10:00:00.123Z',
      container: { id: '0123abc', image: { name: 'debian' } },
    });
  });
});

describe('Tetragon', () => {
  it('tells of an execution the binary, its arguments and its parent', () => {
    expect(productEvent(tetragon('process_exec'))).toMatchObject({
      '@timestamp': '2026-01-01T10:00:01.000Z',
      event: event('process', 'start', 'exec'),
      host: { os: { type: 'linux' }, name: 'node-1' },
      user: { id: '1000' },
      process: {
        entity_id: 'bm9kZTox',
        executable: '/usr/bin/crontab',
        name: 'crontab',
        args: ['/usr/bin/crontab', '-', 'a b'],
        command_line: '/usr/bin/crontab - "a b"',
        working_directory: '/home/alice',
        parent: {
          executable: '/bin/bash',
          args: ['/bin/bash', '-c', 'crontab -'],
          user: { id: '0', name: 'root' },
        },
      },
      container: { id: '0123abc', name: 'c', image: { name: 'docker.io/library/debian:12' } },
    });
  });

  const path = { path: '/etc/cron.d/x' };
  it.each([
    [written('security_file_permission', { file_arg: path }, { int_arg: 2 }), 'change', 'modification'],
    [written('security_file_permission', { file_arg: path }, { int_arg: 4 }), 'access', 'open'],
    [written('security_path_truncate', { path_arg: path }), 'change', 'modification'],
    [written('fd_install', { int_arg: 3 }, { file_arg: path }), 'access', 'open'],
    [written('security_path_unlink', { path_arg: path }), 'deletion', 'deletion'],
    [written('__x64_sys_creat', { string_arg: '/etc/cron.d/x' }), 'creation', 'creation'],
  ])('tells what a function that is hooked does to a file, %#', (document, kind, action) => {
    expect(productEvent(document)).toMatchObject({
      event: event('file', kind, action),
      file: { path: '/etc/cron.d/x' },
      process: { executable: '/usr/bin/crontab' },
    });
  });

  it('tells a rename, a connection, an end, and of other functions who called them', () => {
    const names = ['/tmp/y', '/etc/cron.d/x'].map((name) => ({ path_arg: { path: name } }));
    expect(productEvent(written('security_path_rename', ...names))).toMatchObject({
      event: event('file', 'change', 'rename'),
      file: { path: '/etc/cron.d/x', Ext: { original: { path: '/tmp/y' } } },
    });
    const sock_arg = { family: 'AF_INET', saddr: '10.0.0.1', daddr: '10.0.0.2', sport: 4000, dport: 443 };
    expect(productEvent(written('tcp_connect', { sock_arg }))).toMatchObject({
      event: event('network', 'start', 'connection_attempted'),
      destination: { ip: '10.0.0.2', port: 443 },
    });
    expect(productEvent(tetragon('process_exit'))).toMatchObject({ event: event('process', 'end', 'end') });
    expect(productEvent(written('commit_creds'))).toMatchObject({
      event: { category: [], action: 'log' },
      process: { name: 'crontab' },
    });
  });
});

describe('osquery', () => {
  it('tells of an execution what the columns say, all of them text', () => {
    const row = osquery({
      pid: '812',
      parent: '800',
      path: '/usr/bin/at',
      cmdline: "at now + '1 minute'",
      cwd: '"/root"',
      auid: '1000',
      uid: '0',
      euid: '0',
      syscall: 'execve',
      time: '1767261599',
    });
    expect(productEvent(row)).toMatchObject({
      '@timestamp': '2026-01-01T09:59:59.000Z',
      event: event('process', 'start', 'exec'),
      host: { os: { type: 'linux' }, name: 'web1' },
      user: { id: '0', name: 'root' },
      process: {
        pid: 812,
        executable: '/usr/bin/at',
        name: 'at',
        args: ['at', 'now', '+', '1 minute'],
        working_directory: '/root',
        parent: { pid: 800 },
      },
    });
    const exact = osquery({
      pid: '1',
      path: '/bin/sh',
      cmdline: 'sh -c "a',
      json_cmdline: '["sh","-c","\\"a"]',
    });
    expect(productEvent(exact)).toMatchObject({ process: { args: ['sh', '-c', '"a'] } });
  });

  it.each([
    ['CREATED', 'creation', 'creation'],
    ['MOVED_TO', 'change', 'rename'],
    ['UPDATED', 'change', 'modification'],
    ['ATTRIBUTES_MODIFIED', 'change', 'permissions'],
    ['DELETED', 'deletion', 'deletion'],
    ['MOVED_FROM', 'deletion', 'deletion'],
    ['ACCESSED', 'access', 'open'],
  ])('tells what a file underwent: %s', (action, kind, named) => {
    const row = osquery({ target_path: '/etc/cron.d/x', category: 'cron', action, time: '1767261600' });
    expect(productEvent(row)).toMatchObject({
      event: event('file', kind, named),
      file: { path: '/etc/cron.d/x' },
    });
  });

  it('tells which process renamed a file, and who connects', () => {
    const operation = { operation: 'rename', pid: '5', executable: '/usr/bin/mv', path: '/tmp/y' };
    expect(productEvent(osquery({ ...operation, dest_path: '/etc/cron.d/x', cwd: '/' }))).toMatchObject({
      event: event('file', 'change', 'rename'),
      process: { executable: '/usr/bin/mv' },
      file: { path: '/etc/cron.d/x', Ext: { original: { path: '/tmp/y' } } },
    });
    const socket = {
      action: 'connect',
      pid: '5',
      path: '/usr/bin/curl',
      remote_address: '10.0.0.2',
      remote_port: '80',
    };
    expect(productEvent(osquery(socket))).toMatchObject({ destination: { ip: '10.0.0.2', port: 80 } });
  });

  it.each([
    ['state', osquery({ pid: '1', path: '/sbin/init', cmdline: 'init', state: 'S' })],
    ['what is no longer so', osquery({ target_path: '/x', action: 'CREATED' }, { action: 'removed' })],
    ['a table of schedules', osquery({ command: '/bin/x', path: '/etc/crontab', minute: '*' })],
  ])('is not read as an event where it is %s', (_, row) => {
    expect(productEvent(row)).toBeUndefined();
  });
});

it.each([
  [{ output_fields: null, rule: 'r' }],
  [{ output_fields: { 'evt.type': 7, 'proc.pid': {}, 'fd.name': ['/x'] } }],
  [{ process_exec: 'x' }],
  [{ process_exec: { process: null } }],
  [{ columns: ['a'] }],
  [{ columns: null }],
  [{ event: { action: 'exec' }, process: { executable: '/usr/bin/at' } }],
])('leaves alone what only looks like one of them: %j', (value) => {
  expect(productEvent(value)).toBeUndefined();
});

it('has no time of a number that is none', () => {
  const { time: _, ...alert } = falco({ 'evt.time': 1e40 });
  expect(productEvent(alert)).not.toHaveProperty('@timestamp');
  const row = osquery({ target_path: '/x', action: 'CREATED', time: '1e30' });
  expect(productEvent(row)).toMatchObject({ event: { action: 'creation' } });
  expect(productEvent(row)).not.toHaveProperty('@timestamp');
});

it('does without what is there in another form than documented', () => {
  const odd = {
    rule: 'r',
    output_fields: { 'evt.type': 'openat', 'proc.pid': {}, 'fd.name': ['/x'], 'evt.arg.flags': 3 },
  };
  expect(productEvent(odd)).toMatchObject({ event: { action: 'open' } });
  expect(
    productEvent({ process_kprobe: { process: { binary: 5 }, args: [1, { file_arg: 'x' }] } }),
  ).toMatchObject({
    event: { action: 'log' },
  });
});

const dropped = {
  'evt.type': 'openat',
  'fd.name': '/etc/cron.d/x',
  'evt.arg.flags': 'O_CREAT|O_WRONLY',
  'proc.exepath': '/usr/bin/tee',
};
it.each([
  [
    'Falco',
    [
      falco(dropped),
      falco({ 'evt.type': 'execve', 'proc.exepath': '/usr/bin/at', 'proc.cmdline': 'at now' }),
    ],
  ],
  ['Tetragon', [written('__x64_sys_creat', { string_arg: '/etc/cron.d/x' }), tetragon('process_exec')]],
  [
    'osquery',
    [
      osquery({ target_path: '/etc/cron.d/x', action: 'CREATED' }),
      osquery({ pid: '1', path: '/usr/bin/at', cmdline: 'at now' }),
    ],
  ],
] as const)('%s feeds the bundled rules, one event a line', async (name, documents) => {
  const file = join(folder, `${name}.ndjson`);
  writeFileSync(file, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  const io = memoryIo();
  expect(await runProgram(['replay', file, '--json'], io, '9.9.9')).toBe(0);
  const { rules } = JSON.parse(io.stdout.text) as {
    rules: { slug: string; matches: { eventIds: number[] }[] }[];
  };
  const lines = (...slugs: string[]) =>
    rules
      .filter(({ slug }) => slugs.includes(slug))
      .flatMap(({ matches }) => matches.flatMap(({ eventIds }) => eventIds));
  expect(lines('cron-table-dropped')).toEqual([1]);
  expect(lines('at-submitted', 'crontab-invoked')).toContain(2);
  expect(io.stderr.text).not.toContain('neither ECS');
});
