// One line of an audit log: what kind of record, of which event, and its fields as written.

import { messageTypeName } from './message-types.ts';

export interface AuditRecord {
  /** Upper case: `SYSCALL`, `PATH`. */
  readonly type: string;
  /** The machine, in a log that several write to. */
  readonly node?: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** With time and machine it names the event: all records of one system call have the same. Wraps around at 2^32. */
  readonly serial: number;
  readonly fields: readonly RawField[];
  /** Fields that auditd added in readable form (`ARCH`, `SYSCALL`, `UID`), usually after a group separator. */
  readonly interpreted: readonly RawField[];
  /** From `audit(` on, as logged. */
  readonly text: string;
  /** Its number in the log, from 1; 0 where lines are not counted. */
  readonly line: number;
}

export interface RawField {
  readonly key: string;
  readonly value: string;
  /** Quoted values are text as it is; what an attacker could choose is hexadecimal when it is not quoted. */
  readonly quoted: boolean;
}

/**
 * Reads a line of auditd's log, of the kernel's stream (types as numbers), of the kernel log, or as auditd's
 * dispatcher hands it to syslog.
 * @returns undefined for a line that is no audit record
 */
export function parseAuditLine(line: string, number = 0): AuditRecord | undefined {
  const head = headForm.exec(line);
  if (!head?.groups) return undefined;
  const { node, type = '', seconds = '', fraction = '', serial = '' } = head.groups;
  const time = Number(seconds) * 1000 + Number(fraction);
  // What no clock of a kernel says is no record, whatever it looks like.
  if (!(time <= latestTime) || !Number.isSafeInteger(Number(serial))) return undefined;
  const name = messageTypeName(type);
  const [written = '', ...readable] = separated(line.slice(head[0].length).trimEnd()).split('\u001d');
  const fields = parseFields(straightened(name, written));
  return {
    type: name,
    ...(node !== undefined && { node }),
    time,
    serial: Number(serial),
    fields: fields.filter(({ key }) => !isReadable(key)),
    interpreted: [...fields.filter(({ key }) => isReadable(key)), ...parseFields(readable.join(' '))],
    text: line.slice(line.indexOf('audit(')).trimEnd(),
    line: number,
  };
}

/** As far as a Date goes. */
const latestTime = 8.64e15;

/**
 * Before the record may stand what dmesg prints (the level with -r, a date with -T), and the name of who passed it on.
 * Blanks may not: so an indented line goes on with the message of somebody who only tells of a record.
 */
const headForm =
  /^(?:<\d{1,3}>)?(?:\[[ \w:.,+-]{1,40}\] ?)?(?:kernel: )?(?:(?:audit|auditd|audispd|audisp-syslog)(?:\[\d+\])?: )?(?:node=(?<node>\S+) )?type=(?<type>\S+) +(?:msg=)?audit\((?<seconds>\d+)\.(?<fraction>\d+):(?<serial>\d+)\):?/;

/** Only auditd's additions have names in capitals; shippers lose the separator before them. */
const isReadable = (key: string): boolean => /^[A-Z][A-Z_-]*$/.test(key);

/**
 * The names of auditd's additions: ids of users and groups, calls, architectures, addresses.
 * @source auditd.conf(5), log_format; audit-userspace, src/auditd-event.c
 */
const addition =
  '(?:(?:(?:OLD|NEW)[-_]|OBJ_|INODE_)?(?:OA|SA|FS|[AEIOS])?[UG]ID|ID|ARCH|SYSCALL|URING_OP|SADDR)=';
/** What shippers make of the separator: nothing, or one of the ways to escape it (syslog, JSON, terminals). */
const escapes = String.raw`#035|\\x1[dD]|\\u001[dD]|\\035|\^\]`;
const gluedForm = new RegExp(
  String.raw`"[^"]*"|'[^']*'|(?<value>=[^\s"'=]*?)(?=(?:${escapes})?${addition})|(?:${escapes})(?=${addition})`,
  'g',
);

/** Puts the separator between what the kernel wrote and auditd's additions where it was lost on the way. */
const separated = (body: string): string =>
  body.replace(gluedForm, (part: string, value: string | undefined) =>
    value !== undefined ? `${value}\u001d` : /^["']/.test(part) ? part : '\u001d',
  );

/** Values that say nothing, unless they are quoted: then somebody chose them; but PAM has `acct="?"` for no account. */
const empty: ReadonlySet<string> = new Set(['?', '?,', '(null)']);

/** `key=value` wherever it stands; what programs say in `msg='…'`, which comes last, is read as if it stood outside. */
function parseFields(text: string): RawField[] {
  const fields: RawField[] = [];
  for (const [, key = '', written = ''] of text.replace(saidForm, ' $1 $2').matchAll(fieldForm)) {
    const quoted = /^['"]/.test(written);
    const value = quoted ? written.slice(1, -1) : written;
    const saysNothing = quoted ? value === '' || (key === 'acct' && value === '?') : empty.has(value);
    if (!saysNothing) fields.push({ key, value, quoted });
  }
  return fields;
}

/** Commands in it may hold quotes of their own; names of files that hold blanks are hexadecimal. */
const saidForm = /(?<=^| )msg='(.*)'(.*)$/s;
/**
 * A key may be one part of a long argument: `a1[0]`. Nothing is escaped: what holds a quote is hexadecimal. Braces are
 * around addresses that auditd made readable.
 */
const fieldForm = /(?<![A-Za-z0-9_-])([A-Za-z0-9_-]+(?:\[\d+\])?)=("[^"]*"|'[^']*'|\{[^{}]*\}|[^"'\s]+)/g;

/** Some records are not written as pairs throughout. */
function straightened(type: string, body: string): string {
  switch (type) {
    case 'AVC':
      // SELinux: `avc:  denied  { read } for  pid=…`
      return body.replace(
        /avc:\s+(\w+)\s+\{\s*([^}]*?)\s*\}\s+for\s+/,
        (_, result: string, permissions: string) =>
          `seresult=${result} seperms=${permissions.split(/\s+/).join(',')} `,
      );
    case 'LOGIN':
      // Old kernels: `login pid=1 uid=0 old auid=4294967295 new auid=0`.
      return body.replaceAll(/\b(old|new) (?=\w+=)/g, '$1_');
    case 'CRED_DISP':
    case 'USER_START':
    case 'USER_END':
      // Old PAM: `msg='PAM: session open acct="x" : exe="y" (hostname=?, addr=?, terminal=cron res=success)'`.
      return body.replaceAll(' (hostname=', ' hostname=').replace(/[)']+$/, '');
    default:
      return body;
  }
}
