// One line of an audit log: what kind of record, of which event, and its fields as written.

import { messageTypeName } from './message-types.ts';

export interface AuditRecord {
  /** Upper case: `SYSCALL`, `PATH`. */
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** With the time it names the event: all records of one system call have the same. Wraps around at 2^32. */
  readonly serial: number;
  readonly fields: readonly RawField[];
  /** Fields that auditd added in readable form after a group separator (`ARCH`, `SYSCALL`, `UID`). */
  readonly interpreted: readonly RawField[];
  /** From `audit(` on, as logged. */
  readonly text: string;
}

export interface RawField {
  readonly key: string;
  readonly value: string;
  /** Quoted values are text as it is; what an attacker could choose is hexadecimal when it is not quoted. */
  readonly quoted: boolean;
}

/**
 * Reads a line of auditd's log, of the kernel's stream (types as numbers), or of the kernel log.
 * @returns undefined for a line that is no audit record
 */
export function parseAuditLine(line: string): AuditRecord | undefined {
  const head = /(?:^|\s)type=(\S+)\s+(?:msg=)?(?=audit\((\d+)\.(\d+):(\d+)\))/.exec(line);
  if (!head) return undefined;
  const [all, type = '', seconds = '', fraction = '', serial = ''] = head;
  const text = line.slice(head.index + all.length).trimEnd();
  const name = messageTypeName(type);
  const body = text.slice(text.indexOf(')') + 1).replace(/^:/, '');
  const [written = '', ...readable] = body.split('\u001d');
  return {
    type: name,
    time: Number(seconds) * 1000 + Number(fraction),
    serial: Number(serial),
    fields: parseFields(straightened(name, written)),
    interpreted: parseFields(readable.join(' ')),
    text,
  };
}

/** Values that say nothing. */
const empty: ReadonlySet<string> = new Set(['', '?', '?,', '(null)']);

/** `key=value` wherever it stands; what programs say in `msg='…'` is read as if it stood outside. */
function parseFields(text: string): RawField[] {
  const fields: RawField[] = [];
  for (const [, key = '', written = ''] of text.matchAll(fieldForm)) {
    const value = written.replace(/^['" ]+|['" ]+$/g, '');
    if (empty.has(value)) continue;
    if (key === 'msg') fields.push(...parseFields(value));
    else fields.push({ key, value, quoted: /^['"]/.test(written) });
  }
  return fields;
}

/** A key may be one part of a long argument: `a1[0]`. */
const fieldForm = /([A-Za-z0-9_-]+(?:\[\d+\])?)=("(?:\\"|[^"])*"|'(?:\\'|[^'])*'|[^"'\s]+)/g;

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
