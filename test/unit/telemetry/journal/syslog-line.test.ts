// Lines of syslog's files become the journal entries that they were.

import { expect, it } from 'vitest';
import { parseSyslogLine } from '../../../../harness/telemetry/journal/index.ts';

const read = (line: string, now = '2026-11-22T12:00:00Z'): Record<string, unknown> | undefined => {
  const entry = parseSyslogLine(line, new Date(now));
  if (!entry) return undefined;
  const { __REALTIME_TIMESTAMP: microseconds, ...fields } = Object.fromEntries(entry.fields);
  return { at: new Date(Number(microseconds) / 1000).toISOString(), ...fields };
};

const cron = {
  _HOSTNAME: 'web1',
  SYSLOG_IDENTIFIER: 'CRON',
  SYSLOG_PID: '411',
  MESSAGE: '(root) CMD (true)',
};

it.each([
  ['Nov 22 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.000Z'],
  ['Nov  2 03:17:01.250 web1 CRON[411]: (root) CMD (true)', '2026-11-02T03:17:01.250Z'],
  ['Nov 22 2023 03:17:01 web1 CRON[411]: (root) CMD (true)', '2023-11-22T03:17:01.000Z'],
  ['Dec 31 03:17:01 web1 CRON[411]: (root) CMD (true)', '2025-12-31T03:17:01.000Z'],
  ['2026-11-22T03:17:01.123456+02:00 web1 CRON[411]: (root) CMD (true)', '2026-11-22T01:17:01.123Z'],
  ['2026-11-22T03:17:01+0000 web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.000Z'],
  ['2026-11-22 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.000Z'],
  ['2026-11-22 03:17:01+01 web1 CRON[411]: (root) CMD (true)', '2026-11-22T02:17:01.000Z'],
  ['2026/11/22 03:17:01 -0330 web1 CRON[411]: (root) CMD (true)', '2026-11-22T06:47:01.000Z'],
  ['20261122T031701Z web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.000Z'],
  ['Sun 2026-11-22 03:17:01 UTC web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.000Z'],
  ['Sun 2026-11-22 03:17:01 CET web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.000Z'],
  ['So 2026-11-22 03:17:01.5 AEDT web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.500Z'],
  ['1795317421.250 web1 CRON[411]: (root) CMD (true)', '2026-11-22T03:17:01.250Z'],
  ['Nov 2 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-11-02T03:17:01.000Z'],
  ['Sun Nov  1 03:17:01 2026 web1 CRON[411]: (root) CMD (true)', '2026-11-01T03:17:01.000Z'],
  ['Mär 02 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-03-02T03:17:01.000Z'],
  ['Mai 02 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-05-02T03:17:01.000Z'],
  ['août 02 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-08-02T03:17:01.000Z'],
  ['mrt 02 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-03-02T03:17:01.000Z'],
  ['10月 02 03:17:01 web1 CRON[411]: (root) CMD (true)', '2026-10-02T03:17:01.000Z'],
])('%s', (line, at) => {
  expect(read(line)).toEqual({ at, ...cron });
});

it.each<[string, Record<string, string>]>([
  ['Nov 22 03:17:01 CRON[411]: x', { SYSLOG_IDENTIFIER: 'CRON', SYSLOG_PID: '411' }],
  ['Nov 22 03:17:01 crontab: x', { SYSLOG_IDENTIFIER: 'crontab' }],
  [
    'Nov 22 03:17:01 web1 /usr/sbin/cron[4]: x',
    { _HOSTNAME: 'web1', SYSLOG_IDENTIFIER: '/usr/sbin/cron', SYSLOG_PID: '4' },
  ],
  [
    'Nov 22 03:17:01 web1 cron.info crond[4]: x',
    { _HOSTNAME: 'web1', SYSLOG_IDENTIFIER: 'crond', SYSLOG_PID: '4', SYSLOG_FACILITY: '9', PRIORITY: '6' },
  ],
  [
    'Nov 22 03:17:01 cron.err crond[4]: x',
    { SYSLOG_IDENTIFIER: 'crond', SYSLOG_PID: '4', SYSLOG_FACILITY: '9', PRIORITY: '3' },
  ],
])('program and host of %s', (line, fields) => {
  expect(read(line)).toEqual({ at: '2026-11-22T03:17:01.000Z', MESSAGE: 'x', ...fields });
});

it.each([
  ['<78>Nov 22 03:17:01 web1 CRON[411]: (root) CMD (true)', '9', '6'],
  ['<78>1 2026-11-22T03:17:01Z web1 CRON 411 - - (root) CMD (true)', '9', '6'],
  // As a stream has it, with its length before it.
  ['62 <78>1 2026-11-22T03:17:01Z web1 CRON 411 - - (root) CMD (true)', '9', '6'],
  ['<86>1 2026-11-22T03:17:01Z web1 CRON 411 id [a@1 b="]\\""][c d="e"] \uFEFF(root) CMD (true)', '10', '6'],
])('facility and severity of %s', (line, SYSLOG_FACILITY, PRIORITY) => {
  expect(read(line)).toMatchObject({ ...cron, SYSLOG_FACILITY, PRIORITY });
});

it.each([
  ['Nov 22 03:17:01 web1 sudo:   bob : TTY=pts/0 ; COMMAND=/bin/ls', '10'],
  ['Nov 22 03:17:01 web1 CRON[1]: pam_unix(cron:session): session closed for user root', '10'],
  ['Nov 22 03:17:01 web1 CRON[1]: (root) CMD (sudo: pam_unix)', undefined],
])('what the file leaves out of %s', (line, SYSLOG_FACILITY) => {
  expect(read(line)?.SYSLOG_FACILITY).toBe(SYSLOG_FACILITY);
});

it.each(['', '\tat main.c:7', 'Nov 22 web1 CRON[411]: x', 'Foo 22 03:17:01 web1 CRON[411]: x', '<86>x'])(
  'is none: %j',
  (line) => {
    expect(read(line)).toBeUndefined();
  },
);
