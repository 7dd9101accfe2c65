// Of which log source a record in Sigma's names is: rules for another one do not see it.

import { describe, expect, test } from 'vitest';
import { logOriginOf } from '../../../../harness/rules/sigma/log-origin.ts';
import { flattenWindowsEvent } from '../../../../harness/rules/sigma/windows-event.ts';
import { windowsCategories, windowsServices } from '../../../../harness/rules/sigma/windows-log-sources.ts';
import { fires, ruleText, usable } from './try-rule.ts';

/** The log sources of the list that a rule may have to see the record, of all in Sigma's taxonomy for Windows. */
const fitting = (record: object, wanted: readonly string[]): string[] => {
  const origin = logOriginOf(flattenWindowsEvent(record));
  return wanted.filter((name) => {
    const [product, category, service] = name.split('/').map((part) => part || undefined);
    return (
      origin?.fits({
        ...(product && { product }),
        ...(category && { category }),
        ...(service && { service }),
      }) ?? true
    );
  });
};

const categories = [...new Set(windowsCategories.map(({ category }) => category))];
const all = [
  ...categories.map((category) => `windows/${category}/`),
  ...Object.keys(windowsServices).map((service) => `windows//${service}`),
];
const sysmon = (EventID: number | string, more: object = {}) => ({
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventID,
  ...more,
});

describe('Windows: channel and number select', () => {
  test.each<[string, object, string[]]>([
    ['Sysmon 1', sysmon(1), ['windows/process_creation/', 'windows//sysmon']],
    ['the number as text', sysmon('3'), ['windows/network_connection/', 'windows//sysmon']],
    ['Sysmon 7', sysmon(7), ['windows/image_load/', 'windows//sysmon']],
    ['Sysmon 18', sysmon(18), ['windows/pipe_created/', 'windows//sysmon']],
    ['Sysmon 20', sysmon(20), ['windows/wmi_event/', 'windows//sysmon']],
    ['Sysmon 26', sysmon(26), ['windows/file_delete/', 'windows/file_delete_detected/', 'windows//sysmon']],
    [
      'a key made',
      sysmon(12, { EventType: 'CreateKey' }),
      ['windows/registry_add/', 'windows/registry_event/', 'windows//sysmon'],
    ],
    [
      'a value deleted',
      sysmon(12, { EventType: 'DeleteValue' }),
      ['windows/registry_delete/', 'windows/registry_event/', 'windows//sysmon'],
    ],
    ['a value set', sysmon(13), ['windows/registry_set/', 'windows/registry_event/', 'windows//sysmon']],
    [
      'Security 4688',
      { Channel: 'Security', EventID: 4688 },
      ['windows/process_creation/', 'windows//security'],
    ],
    ['Security 4625', { Channel: 'Security', EventID: 4625 }, ['windows//security']],
    ['another channel, same number', { Channel: 'System', EventID: 1 }, ['windows//system']],
    ['case', { Channel: 'SECURITY', EventID: 1 }, ['windows//security']],
    [
      'PowerShell',
      { Channel: 'PowerShellCore/Operational', EventID: 4104 },
      ['windows/ps_script/', 'windows//powershell'],
    ],
    [
      'classic PowerShell',
      { Channel: 'Windows PowerShell', EventID: 400 },
      ['windows/ps_classic_start/', 'windows//powershell-classic'],
    ],
    [
      'the publisher alone',
      { Provider_Name: 'Microsoft-Windows-Sysmon', EventID: 22 },
      ['windows/dns_query/', 'windows//sysmon'],
    ],
    [
      'what was forwarded',
      { Channel: 'ForwardedEvents', Provider_Name: 'Service Control Manager', EventID: 7045 },
      ['windows//system'],
    ],
    [
      'a collector’s own channel',
      { Channel: 'WEC-Sysmon', Provider_Name: 'Microsoft-Windows-Sysmon', EventID: 8 },
      ['windows/create_remote_thread/', 'windows//sysmon'],
    ],
    [
      'lists of one',
      { Channel: ['Security'], EventID: ['4688'] },
      ['windows/process_creation/', 'windows//security'],
    ],
    ['Winlogbeat, flat', { 'winlog.channel': ['System'], 'winlog.event_id': ['7045'] }, ['windows//system']],
    [
      'EvtxECmd',
      { EventId: 4688, Channel: 'Security', Provider: 'x' },
      ['windows/process_creation/', 'windows//security'],
    ],
    [
      'Get-WinEvent',
      { Id: 7045, LogName: 'System', ProviderName: 'Service Control Manager' },
      ['windows//system'],
    ],
    [
      'nxlog',
      { EventID: 1, SourceName: 'Microsoft-Windows-Sysmon' },
      ['windows/process_creation/', 'windows//sysmon'],
    ],
    [
      'Splunk',
      { EventCode: '3', source: 'XmlWinEventLog:Microsoft-Windows-Sysmon/Operational' },
      ['windows/network_connection/', 'windows//sysmon'],
    ],
    [
      'Hayabusa',
      { EventID: 4104, Channel: 'PwSh', RuleTitle: 'x' },
      ['windows/ps_script/', 'windows//powershell'],
    ],
    ['a channel of nobody', { Channel: 'Contoso/Admin', EventID: 1 }, []],
    [
      'Winlogbeat',
      { winlog: { channel: 'Security', event_id: '4688', event_data: {} } },
      ['windows/process_creation/', 'windows//security'],
    ],
  ])('%s', (_, record, expected) => {
    expect(fitting(record, all)).toEqual(expected);
  });

  test.each(
    Object.entries(windowsServices).flatMap(([service, channels]) =>
      channels.map((channel) => ({ service, channel })),
    ),
  )('$channel is $service', ({ service, channel }) => {
    const Channel = channel.replace('/*', '/Operational');
    if (channel.startsWith('linux-')) return expect(fitting({ Channel }, ['linux//sysmon'])).toHaveLength(1);
    expect(fitting({ Channel }, all)).toContain(`windows//${service}`);
  });
});

test('what the publisher of no table writes is of no log of Sysmon', () => {
  const record = { Provider_Name: 'Contoso', EventID: 3 };
  expect(fitting(record, ['windows/network_connection/', 'windows//sysmon', 'windows//application'])).toEqual(
    ['windows//application'],
  );
});

describe('products', () => {
  const anyRule = [
    'windows//',
    'linux//',
    'zeek//dns',
    'linux/process_creation/',
    '/process_creation/',
    '/proxy/',
    'cisco//aaa',
    '/',
  ];
  test.each<[string, object, string[]]>([
    ['a channel', sysmon(1), ['windows//', '/process_creation/', '/']],
    ['a publisher', { Provider_Name: 'EventSystem' }, ['windows//', '/process_creation/', '/']],
    ['a number', { EventID: 4625, TargetUserName: 'x' }, ['windows//', '/']],
    [
      'Sysmon for Linux',
      { Channel: 'Linux-Sysmon/Operational', EventID: 1 },
      ['linux//', 'linux/process_creation/', '/process_creation/', '/'],
    ],
    ['nothing', { Image: 'x' }, anyRule],
    ['an Id of somebody', { Id: 7, SourceName: 'x', source: 'WinEventLog:System' }, anyRule],
    ['other fields of these names', { Channel: 7, EventID: 'x', Provider_Name: '' }, anyRule],
  ])('of what has %s', (_, record, expected) => {
    expect(fitting(record, anyRule)).toEqual(expected);
  });
});

test('a service or category that the table does not have is open where the channel is not known either', () => {
  const own = ['windows//contoso', 'windows/contoso/', '/contoso/'];
  expect(fitting({ Channel: 'Contoso/Admin' }, own)).toEqual(['windows//contoso', 'windows/contoso/']);
  expect(fitting({ EventID: 7 }, own)).toEqual(['windows//contoso', 'windows/contoso/']);
  expect(fitting({ Channel: 'Security' }, own)).toEqual([]);
});

describe('Linux', () => {
  const wanted = [
    'linux//',
    'linux//auditd',
    'linux//cron',
    'linux//sshd',
    'linux//auth',
    'linux//nginx',
    'linux/process_creation/',
  ];
  test.each<[string, object, string[]]>([
    ['an audit record', { type: 'EXECVE', a0: 'at' }, ['linux//', 'linux//auditd']],
    ['records joined', { type: ['SYSCALL', 'PATH'] }, ['linux//', 'linux//auditd']],
    ['a type of something else', { type: 'dns' }, wanted],
    ['a program', { program: 'crond' }, ['linux//', 'linux//cron', 'linux//auth']],
    [
      'a program by its path',
      { SYSLOG_IDENTIFIER: '/usr/sbin/CRON' },
      ['linux//', 'linux//cron', 'linux//auth'],
    ],
    ['a tag', { syslogtag: 'sshd[12]:' }, ['linux//', 'linux//sshd', 'linux//auth']],
    [
      'another program',
      { program: 'nginx' },
      ['linux//', 'linux//auth', 'linux//nginx', 'linux/process_creation/'],
    ],
    [
      'a line of a log file',
      { event: { dataset: 'system.syslog' }, log: { syslog: { appname: 'CRON' } } },
      ['linux//', 'linux//cron'],
    ],
    [
      'an event of the audit log',
      { event: { module: 'auditd', category: ['file'] } },
      ['linux//', 'linux//auditd'],
    ],
  ])('%s', (_, record, expected) => {
    expect(fitting(record, wanted)).toEqual(expected);
  });
});

test('the log source that a record states comes before what its channel says', () => {
  const stated = { ...sysmon(1), logsource: { product: 'linux', category: 'process_creation' } };
  expect(fitting(stated, ['linux/process_creation/', 'windows/process_creation/'])).toEqual([
    'linux/process_creation/',
  ]);
});

test('rules see the records of their log source alone', () => {
  const rule = (logsource: string) =>
    usable(ruleText('sel: {Image|endswith: x.exe}\ncondition: sel', logsource));
  const event = sysmon(11, { Image: 'C:\\x.exe' });
  expect(fires(rule('product: windows, category: file_event'), event)).toBe(true);
});
