// Forms of lines that the targets here do not write themselves: other cron daemons, sudo, sshd, PAM's refusals.

import { expect, it } from 'vitest';
import { parseJournalJson } from '../../../../harness/telemetry/journal/index.ts';

const read = (program: string, message: string, more: Record<string, string> = {}) =>
  parseJournalJson(JSON.stringify({ SYSLOG_IDENTIFIER: program, MESSAGE: message, ...more }), 1);

it.each([
  [
    'crond',
    'USER root pid   7 cmd run-parts /etc/periodic/15min',
    'cron-cmd',
    { scheduler: 'cron', verb: 'CMD', user: 'root', command: 'run-parts /etc/periodic/15min' },
  ],
  [
    '/usr/sbin/crond',
    'USER alice pid 31337 cmd echo USER bob pid 1 cmd x (y)',
    'cron-cmd',
    { scheduler: 'cron', verb: 'CMD', user: 'alice', command: 'echo USER bob pid 1 cmd x (y)' },
  ],
  [
    'CRON',
    '(alice) CMD (touch /tmp/m)',
    'cron-cmd',
    { scheduler: 'cron', verb: 'CMD', user: 'alice', command: 'touch /tmp/m' },
  ],
  [
    'CROND',
    '(root) CMD (/bin/sh -c "(a; b)")',
    'cron-cmd',
    { scheduler: 'cron', verb: 'CMD', user: 'root', command: '/bin/sh -c "(a; b)"' },
  ],
  [
    'CROND',
    '(root) CMDEND (id)',
    'cron-cmd-end',
    { scheduler: 'cron', verb: 'CMDEND', user: 'root', command: 'id' },
  ],
  [
    'crond',
    '(root) BAD FILE MODE (/etc/cron.d/x)',
    'cron-bad-file-mode',
    { scheduler: 'cron', verb: 'BAD FILE MODE', user: 'root', file: '/etc/cron.d/x' },
  ],
  [
    'cron',
    '(*system*) RELOAD (/etc/crontab)',
    'cron-reload',
    { scheduler: 'cron', verb: 'RELOAD', file: '/etc/crontab' },
  ],
  [
    'cron',
    '(*system*x) WRONG FILE OWNER (/etc/cron.d/x)',
    'cron-wrong-file-owner',
    { scheduler: 'cron', verb: 'WRONG FILE OWNER', file: '/etc/cron.d/x' },
  ],
  [
    'cron',
    '(*system*x) INSECURE MODE (group/other writable) (/etc/cron.d/x)',
    'cron-insecure-mode',
    { scheduler: 'cron', verb: 'INSECURE MODE', file: '/etc/cron.d/x' },
  ],
  [
    'cron',
    '(alice) INSECURE MODE (mode 0600 expected) (crontabs/alice)',
    'cron-insecure-mode',
    { scheduler: 'cron', verb: 'INSECURE MODE', user: 'alice' },
  ],
  [
    'cron',
    '(*system*h) NUMBER OF HARD LINKS > 1 (/etc/cron.d/h)',
    'cron-number-of-hard-links',
    { scheduler: 'cron', verb: 'NUMBER OF HARD LINKS', file: '/etc/cron.d/h' },
  ],
  [
    'cron',
    "(*system*d) CAN'T OPEN SYMLINK (/etc/cron.d/d)",
    'cron-cant-open-symlink',
    { scheduler: 'cron', verb: "CAN'T OPEN SYMLINK", file: '/etc/cron.d/d' },
  ],
  [
    'cron',
    'Error: bad hour; while reading crontab for user alice',
    'cron-error',
    { scheduler: 'cron', verb: 'ERROR', user: 'alice' },
  ],
  [
    'crond',
    '(CRON) bad minute (/etc/cron.d/x)',
    'cron-error',
    { scheduler: 'cron', verb: 'ERROR', file: '/etc/cron.d/x' },
  ],
  [
    'crond',
    "(root) CAN'T OPEN (/etc/cron.d/d): No such file or directory",
    'cron-cant-open',
    { scheduler: 'cron', verb: "CAN'T OPEN", user: 'root', file: '/etc/cron.d/d' },
  ],
  [
    'crond',
    '(CRON) missing newline before EOF (/var/spool/cron/crontabs/root)',
    'cron-error',
    { scheduler: 'cron', verb: 'ERROR', file: '/var/spool/cron/crontabs/root' },
  ],
  [
    'anacron',
    "Job `cron.daily' started",
    'anacron-job-started',
    { scheduler: 'anacron', verb: 'started', command: 'cron.daily' },
  ],
])('%s: %s', (program, message, action, job) => {
  const { event, atomclock } = read(program, message);
  expect([event.action, atomclock.job]).toEqual([action, job]);
});

it.each([
  ['CRON', "pam_access(cron:account): access denied for user `alice' from `cron'", 'access-denied', 'alice'],
  ['atd', "pam_access(atd:account): access denied for user `alice' from `atd'", 'access-denied', 'alice'],
  [
    'su',
    'pam_unix(su:auth): authentication failure; logname= uid=1000 euid=0 tty=pts/0 ruser=alice rhost=  user=root',
    'authentication-failed',
    'root',
  ],
  ['su', 'FAILED SU (to root) alice on pts/0', 'su-failed', 'alice'],
  ['sshd', 'Failed password for invalid user oracle from 192.0.2.7 port 40112 ssh2', 'ssh_login', 'oracle'],
  ['sshd', 'Invalid user x y from 192.0.2.7 port 1', 'ssh_login', 'x y'],
])('%s refuses: %s', (program, message, action, user) => {
  const event = read(program, message);
  expect(event.event).toMatchObject({
    category: ['authentication'],
    type: ['start'],
    action,
    outcome: 'failure',
  });
  expect(event.user?.name).toBe(user);
});

it('reads an accepted ssh login with where from and how', () => {
  const event = read(
    'sshd',
    'Accepted publickey for alice from 192.0.2.1 port 40000 ssh2: ED25519 SHA256:abc',
  );
  expect(event).toMatchObject({
    event: { outcome: 'success', action: 'ssh_login' },
    source: { ip: '192.0.2.1', port: 40000 },
    system: { auth: { ssh: { event: 'Accepted', method: 'publickey', signature: 'ED25519 SHA256:abc' } } },
  });
});

it('reads sudo, the command whole', () => {
  const event = read(
    'sudo',
    '   alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/sh -c a ; b=c ; d',
  );
  expect(event).toMatchObject({
    event: { action: 'sudo-command', outcome: 'success' },
    user: { name: 'alice', effective: { name: 'root' } },
    system: {
      auth: { sudo: { command: '/bin/sh -c a ; b=c ; d', pwd: '/home/alice', tty: 'pts/0', user: 'root' } },
    },
  });
  const denied = read(
    'sudo',
    'alice : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id',
  );
  expect(denied.event).toMatchObject({ action: 'sudo-denied', outcome: 'failure' });
  expect(denied.system).toMatchObject({ auth: { sudo: { error: 'user NOT in sudoers' } } });
});

it('reads no daemon line from a program of another name', () => {
  expect(read('logger', '(alice) REPLACE (alice)').event.action).toBe('logged');
});

it('tells a unit that was skipped from one that has started, which have the same message id', () => {
  const started = { MESSAGE_ID: '39f53479d3a045ac8e11786248231fbf', UNIT: 'x.service' };
  const actions = [
    'Started x.service.',
    'x.service was skipped because of an unmet condition check (ConditionPathExists=/y).',
  ].map((message) => read('systemd', message, started)?.event);
  expect(actions).toMatchObject([
    { action: 'unit-started', outcome: 'success' },
    { action: 'unit-skipped', outcome: 'failure' },
  ]);
});
