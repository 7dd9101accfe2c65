// Chooses who reads a log line: by the program that wrote it, PAM's own prefix first.

import { schedulerSpeaking } from '../../../schedulers/index.ts';
import { field, fieldValues, type JournalEntry } from '../entry.ts';
import { atMeaning } from './at.ts';
import { cronMeaning } from './cron.ts';
import { journaldMeaning } from './journald.ts';
import { sshdMeaning, sudoMeaning, suMeaning } from './login.ts';
import type { Meaning } from './meaning.ts';
import { pamMeaning } from './pam.ts';
import { systemdMeaning } from './systemd.ts';

/**
 * What an entry says, where its program and form are known.
 * @returns undefined for every other line: it stays a log line with its text, without category
 */
export function meaning(entry: JournalEntry): Meaning | undefined {
  for (const message of fieldValues(entry, 'MESSAGE')) {
    const said = meaningOf(entry, message);
    if (said !== undefined) return said;
  }
  return undefined;
}

function meaningOf(entry: JournalEntry, message: string): Meaning | undefined {
  if (message.startsWith('pam_')) return pamMeaning(message);
  const program = field(entry, 'SYSLOG_IDENTIFIER') ?? field(entry, '_COMM') ?? '';
  // Some cron daemons log under their full path.
  const name = program.slice(program.lastIndexOf('/') + 1).toLowerCase();
  switch (schedulerSpeaking(name)) {
    case 'cron':
    case 'anacron':
      return cronMeaning(message);
    case 'atd':
      return atMeaning(message);
    case 'systemd':
      return systemdMeaning(entry, message);
  }
  switch (name) {
    case 'sudo':
      return sudoMeaning(message);
    case 'su':
      return suMeaning(message);
    case 'sshd':
    case 'sshd-session':
      return sshdMeaning(message);
    case 'systemd-journald':
      return journaldMeaning(entry, message);
    default:
      return undefined;
  }
}
