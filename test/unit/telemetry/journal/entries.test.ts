// Entries recorded in a debian12 target become the events that rules expect; odd JSON becomes plain text.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EcsEvent } from '../../../../harness/model/event.ts';
import { parseAccounts } from '../../../../harness/telemetry/accounts.ts';
import { parseJournalJson } from '../../../../harness/telemetry/journal/index.ts';

const accounts = parseAccounts(
  'root:x:0:0::/root:/bin/sh\ndaemon:x:1:1::/:\nalice:x:1000:1000::/home/alice:\nbob:x:1001:1001::/home/bob:',
);
const recorded = readFileSync(new URL('fixtures/debian12.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const events = recorded.map((line, index) => parseJournalJson(line, index + 1, accounts));
const saying = (message: string): EcsEvent => {
  const event = events.find((one) => one.message === message);
  if (!event) expect.fail(`no event says ${message}`);
  return event;
};

describe('what the daemons said', () => {
  it.each([
    ['(alice) REPLACE (alice)', 'configuration', 'change', 'crontab-replace', 'success', 'alice'],
    ['(root) REPLACE (bob)', 'configuration', 'change', 'crontab-replace', 'success', 'root'],
    ['(alice) LIST (alice)', 'configuration', 'access', 'crontab-list', 'success', 'alice'],
    ['(root) DELETE (bob)', 'configuration', 'deletion', 'crontab-delete', 'success', 'root'],
    [
      '(bob) AUTH (crontab command not allowed)',
      'configuration',
      'denied',
      'crontab-denied',
      'failure',
      'bob',
    ],
    [
      '(persistevil) ORPHAN (no passwd entry)',
      'configuration',
      'error',
      'cron-orphan',
      'failure',
      'persistevil',
    ],
    [
      'Error: bad minute; while reading /etc/cron.d/persistevil',
      'configuration',
      'error',
      'cron-error',
      'failure',
      'root',
    ],
    [
      'File a00fff01c89178 is in wrong format - aborting',
      'configuration',
      'error',
      'at-job-refused',
      'failure',
      'root',
    ],
    [
      'pam_unix(atd:session): session opened for user root(uid=0) by (uid=1)',
      'session',
      'start',
      'session-opened',
      'success',
      'root',
    ],
    [
      'pam_unix(atd:session): session closed for user root',
      'session',
      'end',
      'session-closed',
      'success',
      'root',
    ],
    [
      'pam_unix(systemd-user:session): session opened for user alice(uid=1000) by (uid=0)',
      'session',
      'start',
      'session-opened',
      'success',
      'alice',
    ],
    ['(to alice) root on none', 'authentication', 'start', 'su', 'success', 'root'],
    ['Reloading.', 'configuration', 'change', 'manager-reloaded', undefined, 'root'],
    ['Started evil.timer - t.', 'process', 'info', 'unit-started', 'success', 'root'],
  ])('%s', (message, category, type, action, outcome, user) => {
    const { event, user: subject } = saying(message);
    expect([event.category, event.type, event.action, event.outcome, subject?.name]).toEqual([
      [category],
      [type],
      action,
      outcome,
      user,
    ]);
  });

  it.each([
    ['(root) REPLACE (bob)', { scheduler: 'cron', verb: 'REPLACE', user: 'bob' }],
    [
      '(*system*persistevil) ERROR (Syntax error, this crontab file will be ignored)',
      { scheduler: 'cron', verb: 'ERROR', file: '/etc/cron.d/persistevil' },
    ],
    [
      'File a00fff01c89178 is in wrong format - aborting',
      { scheduler: 'at', verb: 'WRONG FORMAT', file: 'a00fff01c89178' },
    ],
    [
      'Started transient.timer - /bin/echo two words.',
      { scheduler: 'systemd', verb: 'started', unit: 'transient.timer' },
    ],
  ])('%s names its job', (message, job) => {
    expect(saying(message).atomclock.job).toEqual(job);
  });

  it('leaves a line that nobody here knows without a category', () => {
    expect(saying('Exec failed for mail command: No such file or directory').event).toMatchObject({
      category: [],
      type: ['info'],
      action: 'logged',
    });
  });

  it('tells auth lines from the rest by their facility', () => {
    expect(saying('(to alice) root on none').event.dataset).toBe('system.auth');
    expect(saying('(alice) REPLACE (alice)').event.dataset).toBe('system.syslog');
  });
});

describe('the envelope', () => {
  it('keeps the time at which the program spoke, to the microsecond', () => {
    const raw = JSON.parse(recorded.find((line) => line.includes('(alice) REPLACE')) ?? '{}');
    const micros = BigInt(raw._SOURCE_REALTIME_TIMESTAMP);
    const time = saying('(alice) REPLACE (alice)')['@timestamp'];
    expect(BigInt(Date.parse(time)) * 1000n + BigInt(time.slice(-4, -1))).toBe(micros);
  });

  it('puts journal fields where ECS and Elastic have them, numbers as numbers', () => {
    const event = saying('Started evil.timer - t.');
    expect(event).toMatchObject({
      process: { pid: 1, name: 'systemd', user: { id: '0', name: 'root' } },
      log: { syslog: { appname: 'systemd', priority: 6, facility: { code: 3 } } },
      systemd: { unit: 'init.scope', transport: 'journal' },
      journald: { unit: 'evil.timer', custom: { job_type: 'start' } },
      host: { os: { type: 'linux' } },
      atomclock: { sensor: 'journal' },
    });
  });

  it('reads bytes that are no text, fields given twice, and fields too large', () => {
    expect(events.some(({ message }) => message === 'byte \ufffd')).toBe(true);
    const odd = parseJournalJson('{"MESSAGE":["one","two"],"A":["x","y"],"B":null,"_PID":"7"}', 1);
    expect(odd.message).toEqual(['one', 'two']);
    expect(odd.journald).toEqual({ custom: { a: ['x', 'y'] } });
    expect(odd['@timestamp']).toBe('1970-01-01T00:00:00.000000Z');
  });

  const second = '2023-11-14T22:13:20.000000Z';
  it.each([
    ['1700000000000000', '1699999999000000', second],
    ['1700000000000000', undefined, second],
    ['99999999999999999999999', '1700000000000000', second],
    ['soon', '1700000000000000', second],
    ['', '-1', '1970-01-01T00:00:00.000000Z'],
    [undefined, '9'.repeat(400), '1970-01-01T00:00:00.000000Z'],
  ])('takes the first time that is one: %s, %s', (source, received, time) => {
    const entry = { _SOURCE_REALTIME_TIMESTAMP: source, __REALTIME_TIMESTAMP: received, MESSAGE: 'm' };
    expect(parseJournalJson(JSON.stringify(entry), 1)['@timestamp']).toBe(time);
  });

  it('cannot be made to touch prototypes by field names', () => {
    const event = parseJournalJson('{"__PROTO__":"x","_constructor":"y","MESSAGE":"m"}', 1);
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect((event.journald as { custom: object }).custom).toHaveProperty('constructor', 'y');
  });

  it('refuses what is not an entry, by name', () => {
    for (const line of ['', '[]', 'null', '-- No entries --']) {
      expect(() => parseJournalJson(line, 1)).toThrow(expect.objectContaining({ code: 'journal/not-json' }));
    }
  });

  it('takes any entry whatever its fields hold', () => {
    const value = fc.oneof(fc.string(), fc.constant(null), fc.array(fc.nat(255)), fc.array(fc.string()));
    const field = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'MESSAGE',
        '_PID',
        'SYSLOG_IDENTIFIER',
        '_UID',
        '__CURSOR',
        'UNIT',
        'MESSAGE_ID',
        'toString',
        'constructor',
      ),
    );
    fc.assert(
      fc.property(
        fc.dictionary(field, value),
        fc.constantFrom('cron', 'su', 'sshd', 'sudo', 'systemd', 'atd'),
        (fields, program) => {
          const event = parseJournalJson(JSON.stringify({ SYSLOG_IDENTIFIER: program, ...fields }), 1);
          expect(event.event.id).toBe('journal-1');
          expect(Number.isNaN(Date.parse(event['@timestamp']))).toBe(false);
        },
      ),
    );
  });
});
