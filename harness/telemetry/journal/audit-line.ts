// Audit records that came by way of the journal or of syslog: a machine without auditd logs them there.

import { field, type JournalEntry } from './entry.ts';

/** The record as auditd's log has it; undefined for entries that carry none. What any program may log is no record. */
export function auditLineOf(entry: JournalEntry): string | undefined {
  const message = field(entry, 'MESSAGE') ?? '';
  if (field(entry, '_TRANSPORT') !== 'audit')
    return carriers.has(field(entry, 'SYSLOG_IDENTIFIER') ?? '') ? message : undefined;
  const type = field(entry, '_AUDIT_TYPE') ?? '';
  const microseconds = (field(entry, '_SOURCE_REALTIME_TIMESTAMP') ?? '').padStart(7, '0');
  const time = `${microseconds.slice(0, -6)}.${microseconds.slice(-6, -3)}`;
  // journald puts the name of the type first.
  return `type=${type} msg=audit(${time}:${field(entry, '_AUDIT_ID')}): ${message.replace(/^\S+ /, '')}`;
}

/** The last is what guides to rsyslog call auditd's file (imfile). */
const carriers = new Set(['kernel', 'audit', 'auditd', 'audispd', 'audisp-syslog', 'tag_audit_log']);
