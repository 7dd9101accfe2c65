// From Sigma's names to ECS: which events belong to a log source, which fields are meant, who provides it.

import { describe, expect, test } from 'vitest';
import { type SigmaOptions, sensorsFor } from '../../../../harness/rules/sigma/index.ts';
import { fires, problemsOf, ruleText, usable, whereOf } from './try-rule.ts';

const ecs: SigmaOptions = { fields: 'ecs' };
const matches = (logsource: string, detection: string, event: object): boolean =>
  fires(usable(ruleText(`sel:\n  ${detection}\ncondition: sel`, logsource), ecs), event, 'ecs');

const process = {
  event: { category: ['process'], type: ['start'], action: 'exec' },
  process: {
    pid: 7,
    executable: '/usr/bin/crontab',
    command_line: 'crontab -e',
    working_directory: '/tmp',
    parent: { pid: 6, executable: '/bin/sh', command_line: 'sh -c x' },
  },
  user: { name: 'alice' },
};
const file = (action: string, path = '/etc/cron.d/x') => ({
  event: { category: ['file'], type: ['change'], action },
  file: { path, Ext: { original: { path: '/etc/cron.d/tmp' } } },
  process: { executable: '/usr/bin/crontab' },
});
const directory = { ...file('creation'), file: { path: '/etc/cron.d/x', type: 'dir' } };
const log = (appname: string, message: string, facility = 3) => ({
  event: { category: [], dataset: facility === 10 ? 'system.auth' : 'system.syslog' },
  log: { syslog: { appname, facility: { code: facility } } },
  message,
});
const audit = {
  event: { module: 'auditd', category: ['process'], action: 'executed' },
  auditd: {
    message_type: ['SYSCALL', 'EXECVE', 'PATH'],
    data: { syscall: 'execve', a0: ['55dc', 'chmod'], a1: ['0', '+x'], unit: 'cron' },
    paths: [{ name: '/usr/bin/chmod', nametype: 'NORMAL' }],
    result: 'success',
  },
  process: { executable: '/usr/bin/chmod', name: 'chmod' },
  tags: ['my-key'],
};

describe('log sources', () => {
  test.each<[string, string, object, boolean]>([
    ['category: process_creation, product: linux', 'Image|endswith: /crontab', process, true],
    ['category: process_creation', 'Image|endswith: /crontab', process, true],
    ['category: process_creation, product: linux', 'CommandLine|contains: -e', process, true],
    ['category: process_creation, product: linux', 'ParentImage: /bin/sh', process, true],
    ['category: process_creation, product: linux', 'ParentCommandLine|startswith: sh', process, true],
    ['category: process_creation, product: linux', 'User: Alice', process, true],
    ['category: process_creation, product: linux', 'CurrentDirectory: /tmp', process, true],
    ['category: process_creation, product: linux', 'ProcessId: 7', process, true],
    ['category: process_creation, product: linux', 'process.pid: 7', process, true],
    [
      'category: process_creation, product: linux',
      'Image|endswith: /crontab',
      { ...process, event: { category: ['process'], action: 'process_started' } },
      true,
    ],
    [
      'category: process_creation, product: linux',
      'Image|endswith: /crontab',
      { ...process, event: { category: ['process'], action: 'fork' } },
      false,
    ],
    ...(['start', 'end'] as const).map((type): [string, string, object, boolean] => [
      'category: process_creation, product: linux',
      'Image|endswith: /crontab',
      { ...process, event: { category: ['process'], type: [type], action: 'log' } },
      type === 'start',
    ]),
    ['category: process_creation, product: linux', 'Image|endswith: /crontab', file('creation'), false],
    ['category: process_creation, product: windows', 'Image|endswith: /crontab', process, false],
    [
      'category: process_termination, product: linux',
      'Image|endswith: /crontab',
      { ...process, event: { category: ['process'], action: 'end' } },
      true,
    ],
    [
      'category: file_event, product: linux',
      'TargetFilename|startswith: /etc/cron.d/',
      file('creation'),
      true,
    ],
    ['category: file_event, product: linux', 'TargetFilename|startswith: /etc/cron.d/', file('rename'), true],
    [
      'category: file_event, product: linux',
      'TargetFilename|startswith: /etc/cron.d/',
      file('modification'),
      false,
    ],
    ['category: file_event, product: linux', 'TargetFilename|contains: /cron.d/', directory, false],
    [
      'category: file_event, product: linux',
      'TargetFilename|startswith: /etc/cron.d/',
      file('deletion'),
      false,
    ],
    ['category: file_event, product: linux', 'Image|endswith: crontab', file('creation'), true],
    ['category: file_change, product: linux', 'TargetFilename: /etc/cron.d/x', file('modification'), true],
    ['category: file_delete, product: linux', 'TargetFilename: /etc/cron.d/x', file('deletion'), true],
    ['category: file_rename, product: linux', 'SourceFilename: /etc/cron.d/tmp', file('rename'), true],
    [
      'category: network_connection, product: linux',
      "Initiated: 'true'",
      { event: { category: ['network'] }, network: { direction: 'egress' } },
      true,
    ],
    [
      'category: network_connection, product: linux',
      'Initiated: false',
      { event: { category: ['network'] }, network: { direction: 'egress' } },
      false,
    ],
    [
      'category: network_connection, product: linux',
      'DestinationIp|cidr: 10.0.0.0/8',
      { event: { category: ['network'] }, destination: { ip: '10.1.1.1' } },
      true,
    ],
    [
      'category: network_connection, product: linux',
      "Initiated|neq: 'true'",
      { event: { category: ['network'] }, network: { direction: 'ingress' } },
      true,
    ],
    [
      'category: network_connection, product: linux',
      "Initiated|neq: 'true'",
      { event: { category: ['network'] }, network: { direction: 'egress' } },
      false,
    ],
    ['service: auditd, product: linux', 'type: EXECVE', audit, true],
    ['service: auditd, product: linux', 'a0: chmod', audit, true],
    ['service: auditd, product: linux', 'a1|contains: x', audit, true],
    ['service: auditd, product: linux', 'name|startswith: /usr/bin', audit, true],
    ['service: auditd, product: linux', 'nametype: NORMAL', audit, true],
    ['service: auditd, product: linux', 'SYSCALL: execve', audit, true],
    ['service: auditd, product: linux', 'key: my-key', audit, true],
    ['service: auditd, product: linux', 'exe: /usr/bin/chmod', audit, true],
    ['service: auditd, product: linux', 'unit: cron', audit, true],
    ['service: auditd, product: linux', "success: 'yes'", audit, true],
    ['service: auditd, product: linux', "success: 'no'", audit, false],
    ['service: auditd, product: linux', 'exe: /usr/bin/crontab', process, false],
    ['service: cron, product: linux', "'|all': [REPLACE]", log('crontab', '(a) REPLACE (a)', 9), true],
    ['service: cron, product: linux', "'|all': [REPLACE]", log('crontab', '(a) REPLACE (a)'), true],
    ['service: cron, product: linux', "'|all': [REPLACE]", log('sshd', '(a) REPLACE (a)'), false],
    ['service: cron, product: linux', "'|all': [crontab]", log('crontab', '(a) REPLACE (a)', 9), false],
    ['service: sshd, product: linux', "'|all': [Failed]", log('sshd-session', 'Failed password', 10), true],
    ['service: sudo, product: linux', "'|all': [COMMAND]", log('sudo', 'alice : COMMAND=/bin/sh', 10), true],
    ['service: auth, product: linux', "'|all': [session]", log('CRON', 'session opened', 10), true],
    ['service: auth, product: linux', "'|all': [session]", log('CRON', 'session opened', 9), false],
    ['service: syslog, product: linux', "'|all': [Stopping]", log('systemd', 'Stopping x'), true],
    ['service: syslog, product: linux', "'|all': [crontab]", process, false],
    ['product: linux', "'|all': [crontab, '-e']", process, true],
    ['product: linux', "'|all': [REPLACE]", log('crontab', '(a) REPLACE (a)', 9), true],
  ])('%s, %s', (logsource, detection, event, expected) => {
    expect(matches(logsource, detection, event)).toBe(expected);
  });
});

test('without mapping the same rule compiles to the names as written', () => {
  const text = ruleText('sel: {Image: a}\ncondition: sel');
  expect(whereOf(usable(text, { fields: 'sigma' }))).toMatchObject({ kind: 'field', field: 'Image' });
  expect(whereOf(usable(text, ecs))).toMatchObject({
    kind: 'and',
    of: [{ kind: 'or', single: true }, { field: 'process.executable' }],
  });
  expect(usable(text, { fields: 'sigma' }).query).toMatchObject({
    logsource: { category: 'process_creation', product: 'linux' },
  });
  expect(usable(text, ecs).query).toMatchObject({ category: 'process' });
});

test('a rule that is written in ECS names is not mapped', () => {
  const text = `${ruleText('sel: {process.name: id, Image: x}\ncondition: sel')}taxonomy: ecs\n`;
  expect(whereOf(usable(text, ecs))).toMatchObject({
    of: [{}, { of: [{ field: 'process.name' }, { field: 'Image' }] }],
  });
});

describe('complaints', () => {
  test('a field that no event has', () => {
    const text = ruleText('sel: {IntegrityLevel: a, IntegrityLevel|contains: b}\ncondition: sel');
    expect(problemsOf(text, ecs)).toEqual([
      expect.stringContaining('no event of this log source has the field `IntegrityLevel`'),
    ]);
    expect(problemsOf(text, { fields: 'sigma' })).toEqual([]);
  });

  test.each([
    'category: registry_set, product: windows',
    'category: file_access, product: linux',
    'service: osquery, product: linux',
    'category: proxy',
  ])('no sensor provides %s', (logsource) => {
    const text = ruleText('sel: {f: a}\ncondition: sel', logsource);
    expect(problemsOf(text, ecs)).toEqual([expect.stringContaining('no sensor provides the log source')]);
    expect(fires(usable(text, ecs), { f: 'a', event: { category: ['file'] } }, 'ecs')).toBe(false);
    const { source } = usable(text, ecs);
    expect(source.kind === 'logsource' && sensorsFor(source)).toEqual([]);
  });
});

test.each([
  [{ product: 'linux', category: 'process_creation' }, ['ebpf', 'audit']],
  [{ product: 'linux', category: 'file_event' }, ['ebpf']],
  [{ product: 'linux', service: 'auditd' }, ['audit']],
  [{ product: 'linux', service: 'cron' }, ['journal']],
  [{ product: 'linux', category: 'network_connection' }, []],
  [{ product: 'windows', category: 'process_creation' }, []],
  [{ product: 'linux', category: 'process_creation', service: 'auditd' }, []],
  [{}, []],
])('%j is provided by %j', (source, sensors) => {
  expect(sensorsFor(source)).toEqual(sensors);
});
