// What a target's own log tells: log lines, and of those whose form is known what they say.

import { accounts, below, envelope, ownFields } from './names.ts';
import type { Vocabulary } from './vocabulary.ts';

export const journalVocabulary: Vocabulary = {
  sensor: 'journal',
  actions: {
    '': ['logged', 'messages-dropped'],
    process: [
      ...['cron-cmd', 'cron-cmd-end', 'cron-cmd-output', 'anacron-job-started', 'anacron-job-terminated'],
      ...['unit-starting', 'unit-started', 'unit-skipped', 'unit-failed', 'unit-stopping', 'unit-stopped'],
      ...['unit-deactivated', 'unit-process-exited', 'unit-spawn-failed'],
      ...['sudo-command', 'sudo-denied'],
    ],
    configuration: [
      ...['crontab-list', 'crontab-replace', 'crontab-delete', 'crontab-edit-begin', 'crontab-edit-end'],
      ...['crontab-denied', 'cron-reload', 'cron-error', 'cron-orphan', 'cron-insecure-mode'],
      ...['cron-cant-open', 'cron-not-regular', 'cron-wrong-file-owner', 'cron-number-of-hard-links'],
      ...['at-job-refused', 'manager-reloaded'],
    ],
    session: ['session-opened', 'session-closed'],
    authentication: ['authentication-failed', 'access-denied', 'su', 'su-failed', 'ssh_login'],
  },
  // Why cron does not use a table, each daemon says in words of its own: `cron-` and the word.
  furtherActionsIn: ['configuration'],
  fields: [
    ...envelope,
    ...below('event', 'outcome', 'module'),
    'message',
    ...below('process', 'pid', 'name', 'executable', 'command_line'),
    ...accounts('process.user', 'user', 'user.effective'),
    ...below('log.syslog', 'appname', 'facility.code', 'msgid', 'priority', 'procid'),
    ...below('pam', 'module', 'phase', 'service'),
    ...below('source', 'ip', 'port'),
    ...below('system.auth.sudo', 'tty', 'pwd', 'user', 'command', 'error'),
    ...below('system.auth.ssh', 'event', 'method', 'signature'),
    ...below('host', 'id', 'hostname'),
  ],
  families: [ownFields, 'journald.', 'systemd.'],
  values: { 'event.dataset': ['system.auth', 'system.syslog'], 'event.module': ['system'] },
  // Cron's CMD line has the command, the service manager's lines the unit. Of at there are PAM's lines, which name no
  // job; of anacron and of run-parts the name of a group of jobs.
  sees: {
    processes: 'none',
    files: 'none',
    launches: ['crontab', 'system-crontab', 'timer', 'user-timer'],
  },
};
