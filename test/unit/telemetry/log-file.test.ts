// Logs in which audit records and log lines carry one another.

import { describe, expect, it } from 'vitest';
import type { EcsEvent } from '../../../harness/model/event.ts';
import { journalEntryOf } from '../../../harness/telemetry/journal/index.ts';
import { type LogEvent, type LogFileOptions, LogFileReader } from '../../../harness/telemetry/log-file.ts';
import { zoneClock } from '../../../harness/telemetry/wall-clock.ts';

const reader = () => new LogFileReader('x.log', new Date('2026-11-22T12:00:00Z'));
const told = (events: readonly LogEvent[]) =>
  events.map(({ line, event }) => {
    const { event: what, message, auditd } = event as EcsEvent;
    return [line, what.action, message ?? auditd];
  });
const read = (...lines: string[]) => {
  const log = reader();
  const events = lines.flatMap((line, index) => log.push(line, index + 1));
  return { events: told([...events, ...log.end()]), note: log.note };
};

const record = 'type=EXECVE msg=audit(1700000000.123:42): argc=2 a0="sh" a1="-c"';
const executed = [1, 'execve', expect.objectContaining({ sequence: 42, message_type: ['execve'] })];

describe('a log file', () => {
  it.each([
    record,
    `Nov 22 03:17:01 web1 audispd: ${record}`,
    'Nov 22 03:17:01 web1 kernel: [  12.345678] audit: type=1309 audit(1700000000.123:42): argc=2 a0="sh" a1="-c"',
  ])('has an audit record in %s', (line) => {
    expect(read(line).events).toEqual([executed]);
  });

  it.each(['audispd', 'audispd[7]', 'audisp-syslog', 'auditd', 'tag_audit_log', 'kernel: audit'])(
    'has those of %s by the machine that they came from, of whatever number',
    (by) => {
      const parts = [
        'type=SYSCALL msg=M: arch=c000003e syscall=257 a0=ffffff9c pid=4',
        'type=CWD msg=M: cwd="/srv"',
      ];
      const log = reader();
      const lines = parts.flatMap((part) =>
        ['web1', 'web2'].map(
          (host) => `Nov 22 03:17:01 ${host} ${by}: ${part.replace('M', 'audit(1700000000.123:42)')}`,
        ),
      );
      const events = [...lines.flatMap((line, index) => log.push(line, index + 1)), ...log.end()];
      expect(events).toMatchObject(
        ['web1', 'web2'].map((name) => ({
          event: { host: { name }, process: { working_directory: '/srv' } },
        })),
      );
    },
  );

  it('takes no record from what other programs log', () => {
    const line = `Nov 22 03:17:01 web1 CRON[1]: (bob) CMD (echo ${record})`;
    expect(read(line).events).toEqual([[1, 'cron-cmd', `(bob) CMD (echo ${record})`]]);
  });

  it('joins messages that go on', () => {
    expect(read('Nov 22 03:17:01 web1 app: one', '  two', 'Nov 22 03:17:02 web1 app: three').events).toEqual([
      [1, 'logged', 'one\n  two'],
      [3, 'logged', 'three'],
    ]);
  });

  it('does not take the rest of a file for one message', () => {
    const log = 'Nov 22 03:17:01 web1 app: one';
    const { events, note } = read(log, ...Array<string>(2000).fill(' x'));
    expect(events).toHaveLength(1);
    expect(note).toContain('1001 such lines');
  });

  it.each([
    ['a month of no language', 'Foo 22 03:17:02 web1 app: two'],
    ['an hour that no clock has', 'Nov 22 25:17:02 web1 app: two'],
    ['text that is no line of a log', 'Traceback of something'],
  ])('passes over %s and loses only that', (_, odd) => {
    const { events, note } = read(
      'Nov 22 03:17:01 web1 app: one',
      odd,
      '  more',
      'Nov 22 03:17:03 web1 app: three',
    );
    expect(events).toEqual([
      [1, 'logged', 'one'],
      [4, 'logged', 'three'],
    ]);
    expect(note).toContain(
      'x.log:2:1: neither an audit record nor a syslog line, passed over (2 such lines)',
    );
  });

  const timesOf = (lines: readonly string[], options?: LogFileOptions) => {
    const log = new LogFileReader('x.log', new Date('2026-11-22T12:00:00Z'), options);
    const events = [...lines.flatMap((line, index) => log.push(line, index + 1)), ...log.end()];
    return { times: events.map(({ event }) => (event as EcsEvent)['@timestamp']), note: log.zoneNote };
  };

  it('takes the zone from an audit record beside', () => {
    const { times, note } = timesOf([
      'Nov 14 17:13:19 web1 CRON[1]: (bob) CMD (true)',
      'Nov 14 17:13:20 web1 audispd: type=CWD msg=audit(1763136800.500:42): cwd="/"',
    ]);
    expect(times).toEqual(['2025-11-14T16:13:19.000000Z', '2025-11-14T16:13:20.500Z']);
    expect(note).toMatch(/UTC\+01:00, as the audit record of line 2 tells/);
  });

  it.each([
    ['Europe/Berlin', 'Jul 10 12:00:01', '2026-07-10T10:00:01.000000Z'],
    ['Europe/Berlin', 'Jan 10 12:00:01', '2026-01-10T11:00:01.000000Z'],
    ['Europe/Berlin', 'Oct 25 01:59:59', '2026-10-24T23:59:59.000000Z'],
    ['Europe/Berlin', 'Oct 25 03:00:01', '2026-10-25T02:00:01.000000Z'],
    ['America/St_Johns', 'Jul 10 12:00:01', '2026-07-10T14:30:01.000000Z'],
    ['Europe/Berlin', '2026-07-10T12:00:01Z', '2026-07-10T12:00:01.000000Z'],
  ])('in %s reads %s', (zone, time, expected) => {
    const { times } = timesOf([`${time} web1 CRON[1]: x`], { clock: zoneClock(zone) });
    expect(times).toEqual([expected]);
  });

  it('passes over separators, and tells of lines that belong to nothing', () => {
    const torn = record.slice(0, 30);
    expect(read('----', 'time->Sun Nov 22 03:17:01 2026', record).events).toEqual([
      [3, ...executed.slice(1)],
    ]);
    expect(read(record, torn, torn)).toEqual({
      events: [executed],
      note: 'x.log:2:1: neither an audit record nor a syslog line, passed over (2 such lines)',
    });
  });

  it('reads the records that a journal carries', () => {
    const entry = journalEntryOf({
      __REALTIME_TIMESTAMP: '1700000001000000',
      _SOURCE_REALTIME_TIMESTAMP: '1700000000123000',
      _TRANSPORT: 'audit',
      _AUDIT_TYPE: '1309',
      _AUDIT_TYPE_NAME: 'EXECVE',
      _AUDIT_ID: '42',
      MESSAGE: 'EXECVE argc=2 a0="sh" a1="-c"',
    });
    const log = reader();
    expect(told([...log.take(entry ?? { fields: new Map() }, 1), ...log.end()])).toEqual([executed]);
  });

  it('takes a line of a collector for an event of its time, unless it is a line of a log itself', () => {
    const log = reader();
    const written = '2026-01-01T00:00:00.5Z';
    const lines = [
      record,
      'started',
      '  with a second line',
      'Jan  1 00:00:09 web1 CRON[1]: (root) CMD (x)',
      'again',
    ];
    const events = [...lines.flatMap((line, at) => log.push(line, at + 1, written)), ...log.end()];
    expect(told(events)[3]).toEqual(executed);
    expect(events.map(({ event }) => event)).toMatchObject([
      { '@timestamp': '2026-01-01T00:00:00.500000Z', message: 'started\n  with a second line' },
      { process: { name: 'CRON' } },
      { '@timestamp': '2026-01-01T00:00:00.500000Z', message: 'again' },
      {},
    ]);
    expect(log.note).toBeUndefined();
  });

  it.each([
    ['a b c', /x\.log:1:1: expected JSON objects.*got "a b c"/],
    ['time,"host name",message', /x\.log:1:1: this is a table \(CSV\)/],
    ['<?xml version="1.0"?>', /evtx_dump -o jsonl/],
    [
      'At 10:00:01 28/11/26 alice, acting as root, successfully opened-file /etc/cron.d/x using /usr/bin/tee',
      /ausearch --raw/,
    ],
    ['NODE,EVENT,DATE,TIME,SERIAL_NUM,EVENT_KIND,SESSION,SUBJ_PRIME', /ausearch --raw/],
    ['Executable Report', /ausearch --raw/],
    ['File Summary Report', /ausearch --raw/],
    ['10:00:00.123456789: Notice Cron jobs were scheduled to run (file=/etc/cron.d/x)', /rules of Falco/],
    ['CEF:0|Vendor|Product|1|100|x|5|src=10.0.0.1', /CEF or LEEF/],
    ['time=2026-01-01T00:00:00Z level=info msg="x"', /logfmt/],
    ['type=CWD msg=audit(11/22/2026 03:17:01.123:42) : cwd=/root', /ausearch --raw/],
    ['__CURSOR=s=1;i=2', /journalctl -o json/],
    ['Tue 2023-11-14 22:13:20.123456 UTC [s=99c788c8;i=2;b=18f0;m=b003;t=660d;x=bf9d]', /journalctl -o json/],
    ['__REALTIME_TIMESTAMP=1700000000000000', /journalctl -o json/],
  ])('refuses %s by name', (line, message) => {
    expect(() => read(line)).toThrow(
      expect.objectContaining({ code: 'replay/unknown-format', message: expect.stringMatching(message) }),
    );
  });
});
