// Windows event log records in the shapes that converters and shippers give them.

import { describe, expect, test } from 'vitest';
import { flattenWindowsEvent } from '../../../../harness/rules/sigma/windows-event.ts';
import { fires, ruleText, usable } from './try-rule.ts';

const rule = usable(
  ruleText(
    "sel:\n  EventID: 1\n  Provider_Name: Microsoft-Windows-Sysmon\n  Image|endswith: '\\cmd.exe'\n  CommandLine|contains|windash: ' /c '\n  User|startswith: 'NT AUTHORITY\\'\ncondition: sel",
    'category: process_creation, product: windows',
  ),
);

const data = {
  Image: 'C:\\Windows\\System32\\cmd.exe',
  CommandLine: 'cmd -c whoami',
  User: 'NT AUTHORITY\\SYSTEM',
  ProcessId: 4,
};
const dataElements = Object.entries(data).map(([Name, text]) => ({ '#attributes': { Name }, '#text': text }));
const time = '2025-03-04T05:06:07.890Z';

const shapes: Record<string, object> = {
  'evtx to JSON, attributes apart': {
    Event: {
      '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
      System: {
        Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon', Guid: 'x' } },
        EventID: 1,
        TimeCreated: { '#attributes': { SystemTime: time } },
        Execution: { '#attributes': { ProcessID: 9, ThreadID: 8 } },
        Correlation: null,
      },
      EventData: data,
    },
  },
  'evtx to JSON, attributes beside their elements': {
    Event: {
      System: {
        Provider_attributes: { Name: 'Microsoft-Windows-Sysmon', Guid: 'x' },
        EventID: 1,
        EventID_attributes: { Qualifiers: 0 },
        TimeCreated_attributes: { SystemTime: time },
        Execution_attributes: { ProcessID: 9, ThreadID: 8 },
      },
      EventData: data,
    },
    Event_attributes: { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
  },
  'XML to JSON, attributes beside': {
    System: {
      Provider: { '@Name': 'Microsoft-Windows-Sysmon' },
      EventID: { '@Qualifiers': '0', '#text': '1' },
      TimeCreated: { '@SystemTime': time },
    },
    EventData: { Data: Object.entries(data).map(([name, text]) => ({ '@Name': name, '#text': text })) },
  },
  'XML to JSON, attributes in an object': {
    Event: {
      System: {
        Provider: { _attributes: { Name: 'Microsoft-Windows-Sysmon' } },
        EventID: '1',
        TimeCreated: { _attributes: { SystemTime: time } },
      },
      EventData: { Data: dataElements },
    },
  },
  Winlogbeat: {
    '@timestamp': time,
    winlog: { event_id: '1', provider_name: 'Microsoft-Windows-Sysmon', event_data: data, channel: 'x' },
  },
  'flat, but for the data': {
    '@timestamp': time,
    EventID: 1,
    Provider_Name: 'Microsoft-Windows-Sysmon',
    EventData: data,
  },
  'flat, with a time of its own': {
    UtcTime: time.slice(0, -1).replace('T', ' '),
    EventID: 1,
    Provider_Name: 'Microsoft-Windows-Sysmon',
    ...data,
  },
  'Winlogbeat, flat, in lists': {
    '@timestamp': [time],
    'winlog.event_id': ['1'],
    'winlog.provider_name': ['Microsoft-Windows-Sysmon'],
    ...Object.fromEntries(Object.entries(data).map(([name, text]) => [`winlog.event_data.${name}`, [text]])),
  },
  EvtxECmd: {
    EventId: 1,
    Provider: 'Microsoft-Windows-Sysmon',
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    TimeCreated: time,
    Payload: JSON.stringify({
      EventData: { Data: Object.entries(data).map(([name, text]) => ({ '@Name': name, '#text': text })) },
    }),
  },
  'Hayabusa, with all fields': {
    Timestamp: time,
    Channel: 'Sysmon',
    EventID: 1,
    Provider: 'Microsoft-Windows-Sysmon',
    AllFieldInfo: data,
  },
  nxlog: { EventTime: time, EventID: 1, SourceName: 'Microsoft-Windows-Sysmon', ...data },
  Splunk: { _time: time, EventCode: '1', SourceName: 'Microsoft-Windows-Sysmon', ...data },
  flat: { '@timestamp': time, EventID: 1, Provider_Name: 'Microsoft-Windows-Sysmon', ...data },
};

describe.each(Object.entries(shapes))('%s', (_, record) => {
  const flat = flattenWindowsEvent(record);
  test('the rule sees its fields', () => {
    expect(fires(rule, flat)).toBe(true);
    expect(flat).toMatchObject({ ProcessId: 4 });
    expect([(flat as Record<string, unknown>)['@timestamp']].flat()).toEqual([time]);
  });
});

test.each<[string, object]>([
  ['no JSON', { Payload: '{broken' }],
  ['no object', { Payload: 'null' }],
  ['a list', { Payload: '{"EventData":[1,2]}' }],
  ['text', { Payload: '{"EventData":"x"}' }],
  ['names that objects have', { Payload: '{"EventData":{"__proto__":{"TaskName":"x"},"constructor":1}}' }],
  ['fields of Hayabusa that are none', { AllFieldInfo: '-', ExtraFieldInfo: [1] }],
])('an export with %s adds no data', (_, odd) => {
  const flat = flattenWindowsEvent({ EventID: 4698, Channel: 'Security', ...odd }) as Record<string, unknown>;
  expect(flat).toMatchObject({ EventID: 4698, Channel: 'Security' });
  expect(flat.TaskName).toBeUndefined();
});

test('the data of 4688 have the names that rules use in flat records, too', () => {
  const flat = { EventID: '4688', Channel: 'Security', NewProcessName: 'C:\\x.exe' };
  expect(flattenWindowsEvent(flat)).toMatchObject({ Image: 'C:\\x.exe' });
});

test('attributes of System elements are joined to their names', () => {
  expect(flattenWindowsEvent(shapes['evtx to JSON, attributes apart'] ?? {})).toMatchObject({
    Provider_Guid: 'x',
    Execution_ProcessID: 9,
    TimeCreated_SystemTime: time,
  });
});

test('UserData is flattened; System keeps what both have', () => {
  const record = {
    Event: {
      System: { EventID: 104, Channel: 'System' },
      UserData: {
        LogFileCleared: {
          '#attributes': { xmlns: 'x' },
          SubjectUserName: 'eve',
          Channel: 'Security',
          Inner: { Deep: { '#text': 'd' } },
        },
      },
    },
  };
  expect({ ...flattenWindowsEvent(record) }).toEqual({
    EventID: 104,
    Channel: 'System',
    SubjectUserName: 'eve',
    Deep: 'd',
  });
});

test('unnamed data stays a list', () => {
  const record = {
    Event: { System: { EventID: 400 }, EventData: { Data: ['a', { '#text': 'HostName=x' }] } },
  };
  expect({ ...flattenWindowsEvent(record) }).toEqual({ EventID: 400, Data: ['a', 'HostName=x'] });
});

test('process creations of the Security log have the names that rules use', () => {
  const record = {
    Event: {
      System: { EventID: 4688 },
      EventData: { NewProcessName: 'a', ParentProcessName: 'b', CommandLine: 'c' },
    },
  };
  expect(flattenWindowsEvent(record)).toMatchObject({ Image: 'a', ParentImage: 'b', CommandLine: 'c' });
});

test('the log source stays, other records are given back', () => {
  const logsource = { product: 'windows' };
  expect(flattenWindowsEvent({ logsource, Event: { System: { EventID: 1 } } })).toMatchObject({ logsource });
  const other = { message: 'x', Event: 'text' };
  expect(flattenWindowsEvent(other)).toBe(other);
});

test('names that objects have already are plain names', () => {
  const record = {
    Event: { System: { EventID: 1 }, EventData: JSON.parse('{"__proto__": "a", "constructor": "b"}') },
  };
  expect(Object.keys(flattenWindowsEvent(record))).toEqual(['EventID', '__proto__', 'constructor']);
});

test('names are found without their spaces too', () => {
  const event = {
    Event: {
      System: { EventID: 5007 },
      EventData: { 'Old Value': '', 'New Value': 'HKLM\\Exclusions\\Paths' },
    },
  };
  expect(flattenWindowsEvent(event)).toMatchObject({ 'New Value': 'HKLM\\Exclusions\\Paths', OldValue: '' });
  const detection = "sel: {EventID: 5007, NewValue|contains: '\\Exclusions'}\ncondition: sel";
  expect(
    fires(usable(ruleText(detection, 'product: windows, service: windefend')), flattenWindowsEvent(event)),
  ).toBe(true);
});

test('what Winlogbeat has moved into ECS is found under the names of Sysmon', () => {
  const event = {
    '@timestamp': time,
    winlog: { channel: 'Microsoft-Windows-Sysmon/Operational', event_id: '11', event_data: { User: 'x' } },
    process: { executable: 'C:\\Windows\\System32\\svchost.exe', pid: 1336 },
    file: { path: 'C:\\Users\\x\\evil.lnk' },
  };
  const detection =
    "sel:\n  EventID: 11\n  Image|endswith: '\\svchost.exe'\n  TargetFilename|endswith: .lnk\ncondition: sel";
  expect(
    fires(usable(ruleText(detection, 'product: windows, category: file_event')), flattenWindowsEvent(event)),
  ).toBe(true);
  expect(flattenWindowsEvent(event)).toMatchObject({ User: 'x', ProcessId: 1336, process: event.process });
});
