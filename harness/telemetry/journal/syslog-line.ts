// A line of a syslog file (/var/log/syslog, auth.log, cron; `journalctl -o short`) as the journal entry that it was.

import type { JournalEntry } from './entry.ts';
import { readSyslogTime, type SyslogTime, timePattern } from './syslog-time.ts';

/** A line that was understood; its entry has no time yet, where the line names no zone. */
export interface SyslogLine {
  readonly time: SyslogTime;
  /** The entry, once its time is known: milliseconds since 1970. */
  entryAt(ms: number | undefined): JournalEntry;
}

/**
 * Reads a line with a traditional time (RFC 3164), an ISO 8601 or an epoch one, or of RFC 5424.
 * @param now tells the year, which traditional times leave out: they are of the last twelve months
 * @returns undefined for a line that does not begin like one
 */
export function readSyslogLine(line: string, now: Date): SyslogLine | undefined {
  const groups = (versionedForm.exec(line) ?? traditionalForm.exec(line))?.groups;
  if (!groups) return undefined;
  const time = readSyslogTime(groups.time ?? '', now);
  return time && { time, entryAt: (ms) => entryOf(groups, ms) };
}

/** The same as one entry; a time without a zone is in UTC. */
export function parseSyslogLine(line: string, now: Date): JournalEntry | undefined {
  const read = readSyslogLine(line, now);
  return read?.entryAt(read.time.kind === 'nil' ? undefined : read.time.ms);
}

function entryOf(groups: Readonly<Record<string, string | undefined>>, ms: number | undefined): JournalEntry {
  const { priority, host, facility, severity, message = '' } = groups;
  const program = given(groups.program ?? groups.tag);
  const code = priority === undefined ? undefined : Number(priority);
  const told = facility === undefined ? undefined : facilities.indexOf(facility);
  const facilityCode = code === undefined ? (told ?? facilityOf(program, message)) : code >> 3;
  const severityCode = severity === undefined ? undefined : severities[severity];
  const fields: Record<string, string | undefined> = {
    __REALTIME_TIMESTAMP: ms === undefined ? undefined : `${ms}000`,
    _HOSTNAME: given(host),
    SYSLOG_IDENTIFIER: program,
    SYSLOG_PID: groups.pid ?? groups.tagPid,
    SYSLOG_FACILITY: facilityCode === undefined ? undefined : String(facilityCode),
    PRIORITY: code === undefined ? severityCode : String(code & 7),
    MESSAGE: message,
  };
  return {
    fields: new Map(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined)),
  };
}

/** RFC 5424 writes a hyphen for what is not known. */
const given = (text: string | undefined): string | undefined => (text === '-' ? undefined : text);

/** @source RFC 5424, table 1; syslog.conf(5) */
const facilities: readonly string[] =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  );
const severities: Readonly<Record<string, string>> = {
  emerg: '0',
  panic: '0',
  alert: '1',
  crit: '2',
  err: '3',
  error: '3',
  warn: '4',
  warning: '4',
  notice: '5',
  info: '6',
  debug: '7',
};

const level = String.raw`(?<facility>${facilities.join('|')})\.(?<severity>${Object.keys(severities).join('|')})`;
/**
 * `<86>Nov 22 03:17:01 web1 CRON[411]: …`; a few programs write no colon and no pid. BusyBox writes facility and
 * severity before the program, and where the host is left out, what has a pid or a colon is the program.
 */
const traditionalForm = new RegExp(
  String.raw`^(?:<(?<priority>\d{1,3})>)?(?<time>${timePattern}) (?:(?!${level.replace(/\?<\w+>/g, '?:')} |[^\s:[]+(?:\[\d+\]:?|:)(?: |$))(?<host>\S+) )?(?:${level} )?(?:(?:(?<tag>[^\s:[]+)\[(?<tagPid>\d+)\]:?|(?<program>[^\s:[]+)(?:\[[^\]\s]*\])?:) ?)?(?<message>.*)$`,
  'su',
);
/**
 * `<86>1 2026-11-22T03:17:01.003Z web1 CRON 411 - - …`; structured data is passed over. What a
 * stream puts before it to say how long it is (RFC 6587, 3.4.1), some receivers keep.
 */
const versionedForm = new RegExp(
  String.raw`^(?:(?:\d{1,6} )?<(?<priority>\d{1,3})>)?1 (?<time>-|${timePattern}) (?<host>\S+) (?<program>\S+) (?:(?<pid>\d+)|\S+) \S+ (?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)(?: \uFEFF?(?<message>.*))?$`,
  'su',
);

/** What syslog's files do not say: the facility, as far as it makes a difference to rules. */
function facilityOf(program: string | undefined, message: string): number | undefined {
  const name = program?.slice(program.lastIndexOf('/') + 1) ?? '';
  return message.startsWith('pam_') || authenticators.has(name) ? authpriv : undefined;
}

const authpriv = 10;
/** They log to auth.log (secure on Red Hat). */
const authenticators: ReadonlySet<string> = new Set(
  `sshd sshd-session sshd-auth sudo su login polkitd pkexec systemd-logind unix_chkpwd passwd chpasswd chage chsh chfn
useradd userdel usermod groupadd groupdel groupmod gpasswd newgrp`.split(/\s+/),
);
