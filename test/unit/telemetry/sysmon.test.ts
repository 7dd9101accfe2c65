// Events of Sysmon for Linux, bare and in syslog, become the events that rules expect.

import { expect, it } from 'vitest';
import { LogFileReader } from '../../../harness/telemetry/log-file.ts';

const xml = (id: number, data: Record<string, string>, provider = 'Linux-Sysmon') =>
  `<Event><System><Provider Name="${provider}" Guid="{0}"/><EventID>${id}</EventID><Version>5</Version>` +
  '<TimeCreated SystemTime="2026-11-22T03:17:01.123456000Z"/><Computer>web1</Computer></System><EventData>' +
  `${Object.entries(data)
    .map(([name, value]) => `<Data Name="${name}">${value}</Data>`)
    .join('')}</EventData></Event>`;
const read = (...lines: string[]): object[] => {
  const log = new LogFileReader('x.log', new Date('2026-11-22T12:00:00Z'));
  const events = lines.flatMap((line, index) => log.push(line, index + 1));
  return [...events, ...log.end()].map(({ event }) => event);
};

const started = xml(1, {
  RuleName: '-',
  ProcessGuid: '{1}',
  ProcessId: '411',
  Image: '/usr/bin/crontab',
  CommandLine: 'crontab -u &quot;bob&quot; -',
  CurrentDirectory: '/root',
  User: 'root',
  ParentProcessId: '410',
  ParentImage: '/usr/bin/dash',
  ParentCommandLine: '-',
});
const process = {
  entity_id: '{1}',
  pid: 411,
  executable: '/usr/bin/crontab',
  name: 'crontab',
  command_line: 'crontab -u "bob" -',
  args: ['crontab', '-u', '"bob"', '-'],
  args_count: 4,
  working_directory: '/root',
  parent: { pid: 410, executable: '/usr/bin/dash', name: 'dash' },
};

it.each([started, `Nov 22 03:17:01 web1 sysmon: ${started}`, `Nov 22 03:17:01 web1 sysmon[7]: ${started}`])(
  'a program that was started: %s',
  (line) => {
    expect(read(line)).toEqual([
      {
        '@timestamp': '2026-11-22T03:17:01.123456000Z',
        event: {
          kind: 'event',
          category: ['process'],
          type: ['start'],
          action: 'exec',
          code: '1',
          provider: 'Linux-Sysmon',
          dataset: 'sysmon_linux.log',
        },
        host: { os: { type: 'linux' }, name: 'web1', hostname: 'web1' },
        process,
        user: { name: 'root' },
      },
    ]);
  },
);

const file = {
  path: '/etc/systemd/system/x.timer',
  name: 'x.timer',
  directory: '/etc/systemd/system',
  extension: 'timer',
};
it.each([
  [11, { TargetFilename: file.path }, { event: { category: ['file'], action: 'creation' }, file }],
  [23, { TargetFilename: '/.x' }, { event: { action: 'deletion' }, file: { path: '/.x', directory: '/' } }],
  [5, { Image: '/bin/sh' }, { event: { category: ['process'], type: ['end'], action: 'end' } }],
  [
    3,
    {
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIp: '10.0.0.1',
      DestinationIp: '192.0.2.1',
      DestinationPort: '80',
    },
    {
      event: { category: ['network'] },
      network: { transport: 'tcp', direction: 'egress' },
      source: { ip: '10.0.0.1' },
      destination: { ip: '192.0.2.1', port: 80 },
    },
  ],
  [16, { Configuration: 'x' }, { event: { category: [], type: ['info'], code: '16' } }],
])('event %i', (id, data, expected) => {
  expect(read(xml(id, data as Record<string, string>))).toMatchObject([expected]);
});

it.each([
  ['&#39;a&#x27;&#X27;', `'a'&#X27;`],
  ['&#x1F600;&#128512;', '😀😀'],
  ['&#10;&#9;', '\n\t'],
  ['&amp;#39;&amp;lt;', '&#39;&lt;'],
  // No characters of XML, no references, or none that are known: as they are written.
  ['&#0;&#x1b;&#xd800;&#x110000;&#99999999;', '&#0;&#x1b;&#xd800;&#x110000;&#99999999;'],
  ['&#;&#x;&#39&nbsp;&LT;&constructor;', '&#;&#x;&#39&nbsp;&LT;&constructor;'],
])('references in %s', (written, commandLine) => {
  expect(read(xml(1, { Image: '/bin/sh', CommandLine: `sh -c ${written}` }))).toMatchObject([
    { process: { command_line: `sh -c ${commandLine}` } },
  ]);
});

it('may hold line breaks', () => {
  const [first = '', second = ''] = xml(1, { CommandLine: 'sh -c a\nb' }).split('\n');
  expect(read(first, second, started)).toMatchObject([{}, { process }]);
});

it('is nobody else’s', () => {
  expect(read(`Nov 22 03:17:01 web1 logger: ${started}`)).toMatchObject([{ event: { action: 'logged' } }]);
  expect(() => read(xml(1, {}, 'Microsoft-Windows-Sysmon'))).toThrow(/this is XML/);
});
