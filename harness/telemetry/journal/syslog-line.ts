// A line of a syslog file (/var/log/syslog, auth.log, cron; `journalctl -o short`) as the journal entry that it was.

import type { JournalEntry } from './entry.ts';

/**
 * Reads a line with a traditional time (RFC 3164), an ISO 8601 one, or of RFC 5424.
 * @param now tells the year, which traditional times leave out: they are of the last twelve months, in UTC
 * @returns undefined for a line that does not begin like one: it goes on with the message before it
 */
export function parseSyslogLine(line: string, now: Date): JournalEntry | undefined {
  const groups = (versionedForm.exec(line) ?? traditionalForm.exec(line))?.groups;
  if (!groups) return undefined;
  const { priority, time = '', host = '', program, pid, message = '' } = groups;
  const milliseconds = timeOf(time, now);
  if (Number.isNaN(milliseconds)) return undefined;
  const code = priority === undefined ? undefined : Number(priority);
  const facility = code === undefined ? facilityOf(program, message) : code >> 3;
  const fields: Record<string, string | undefined> = {
    __REALTIME_TIMESTAMP: `${milliseconds}000`,
    _HOSTNAME: host,
    SYSLOG_IDENTIFIER: program,
    SYSLOG_PID: pid,
    SYSLOG_FACILITY: facility === undefined ? undefined : String(facility),
    PRIORITY: code === undefined ? undefined : String(code & 7),
    MESSAGE: message,
  };
  return {
    fields: new Map(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined)),
  };
}

const iso = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const traditional = String.raw`[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?`;
/** `<86>Nov 22 03:17:01 web1 CRON[411]: …`; a few programs write no colon and no pid. */
const traditionalForm = new RegExp(
  String.raw`^(?:<(?<priority>\d{1,3})>)?(?<time>${traditional}|${iso}) (?<host>\S+) (?:(?<program>[^\s:[]+)(?:\[(?<pid>\d+)\])?: ?)?(?<message>.*)$`,
  's',
);
/** `<86>1 2026-11-22T03:17:01.003Z web1 CRON 411 - - …`; structured data is passed over. */
const versionedForm = new RegExp(
  String.raw`^<(?<priority>\d{1,3})>1 (?<time>${iso}) (?<host>\S+) (?<program>\S+) (?:(?<pid>\d+)|\S+) \S+ (?:-|(?:\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\])+)(?: \uFEFF?(?<message>.*))?$`,
  's',
);

function timeOf(text: string, now: Date): number {
  if (/^\d/.test(text)) {
    const stamp = text.replace(' ', 'T').replace(',', '.');
    return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(stamp) ? stamp : `${stamp}Z`);
  }
  const [month = '', day = '', ...rest] = text.split(/ +/);
  const clock = rest.pop();
  const at = (year: number | string): number => Date.parse(`${day} ${month} ${year} ${clock} UTC`);
  if (rest[0] !== undefined) return at(rest[0]);
  const thisYear = at(now.getUTCFullYear());
  // Clocks of other zones may be a day ahead.
  return thisYear > now.getTime() + 86_400_000 ? at(now.getUTCFullYear() - 1) : thisYear;
}

/** What syslog's files do not say: the facility, as far as it makes a difference to rules. */
function facilityOf(program: string | undefined, message: string): number | undefined {
  if (message.startsWith('pam_') || authenticators.has(program ?? '')) return authpriv;
  return undefined;
}

const authpriv = 10;
/** They log to auth.log (secure on Red Hat). */
const authenticators: ReadonlySet<string> = new Set(
  `sshd sshd-session sshd-auth sudo su login polkitd pkexec systemd-logind unix_chkpwd passwd chpasswd chage chsh chfn
useradd userdel usermod groupadd groupdel groupmod gpasswd newgrp`.split(/\s+/),
);
