// What a record's fields mean: hexadecimal made text, numbers made names. Field names as libaudit's users know them.

import { errorName } from './errors.ts';
import type { AuditRecord, RawField } from './record.ts';
import { socketAddress } from './socket-address.ts';
import { archName, syscallName } from './syscalls/index.ts';

export interface Interpretation {
  /** Field → readable value. */
  readonly data: Map<string, string>;
  /** Keys of the audit rules that matched. */
  readonly tags: readonly string[];
}

/** Reads one record's fields. Never throws: what cannot be read stays as written. */
export function interpret(record: AuditRecord): Interpretation {
  const fields = new Map(record.fields.map((field) => [field.key, field]));
  const data = new Map(record.fields.map(({ key, value }) => [key, value]));
  const decode = (key: string, read: (bytes: Buffer) => string = wholeText): void => {
    const bytes = hexBytes(fields.get(key));
    if (bytes) data.set(key, read(bytes));
  };
  for (const key of untrusted) decode(key);
  for (const key of ['auid', 'old-auid', 'ses']) {
    const value = data.get(key);
    if (value === '4294967295' || value === '-1') data.set(key, 'unset');
  }
  splitContext(data, 'subj');
  nameResult(data);
  nameExit(data);
  const tags = record.fields.filter(({ key }) => key === 'key').flatMap(ruleKeys);
  data.delete('key');
  switch (record.type) {
    case 'SECCOMP':
    case 'SYSCALL':
      nameCall(record, data);
      if (record.type === 'SECCOMP') nameSignal(data);
      break;
    case 'SOCKADDR':
      readAddress(data);
      break;
    case 'PROCTITLE':
      decode('proctitle', words);
      break;
    case 'USER_CMD':
      decode('cmd', words);
      break;
    case 'TTY':
    case 'USER_TTY':
      decode('data', words);
      break;
    case 'EXECVE':
      readArguments(record, data);
      break;
    case 'PATH':
      splitContext(data, 'obj');
      break;
  }
  return { data, tags };
}

/** What an attacker could choose, in whichever record: hexadecimal where it holds more than plain characters. */
const untrusted = 'exe comm ocomm cwd name path acct file watch dir profile vm sw root_dir cgroup'.split(' ');

/** The bytes of a value that is neither quoted nor anything but upper-case hexadecimal. */
function hexBytes(field: RawField | undefined): Buffer | undefined {
  if (!field || field.quoted || !/^(?:[0-9A-F]{2})+$/.test(field.value)) return undefined;
  return Buffer.from(field.value, 'hex');
}

const wholeText = (bytes: Buffer): string => words(bytes);
/** Arguments are separated by NUL. */
const words = (bytes: Buffer): string => bytes.toString('utf8').split('\0').join(' ');
const upToNul = (bytes: Buffer): string => bytes.toString('utf8').split('\0', 1)[0] ?? '';

/** `user:role:domain:level:category`; the category may hold colons. */
function splitContext(data: Map<string, string>, key: 'subj' | 'obj'): void {
  const context = data.get(key);
  if (context === undefined) return;
  data.delete(key);
  const [user, role, domain, level, ...category] = context.split(':');
  const parts = { user, role, domain, level, category: category.length > 0 ? category.join(':') : undefined };
  for (const [part, value] of Object.entries(parts))
    if (value !== undefined) data.set(`${key}_${part}`, value);
}

/** `success` of system calls and `res` of programs become one `result`. */
function nameResult(data: Map<string, string>): void {
  const key = data.has('success') ? 'success' : 'res';
  const value = data.get(key)?.toLowerCase();
  if (value === undefined) return;
  data.delete(key);
  data.set('result', value === 'yes' || value === '1' || value.startsWith('suc') ? 'success' : 'fail');
}

function nameExit(data: Map<string, string>): void {
  const exit = data.get('exit');
  if (exit?.startsWith('-')) data.set('exit', errorName(-Number(exit)) ?? exit);
}

/** Rules may have several keys, which the kernel joins with a byte 1 (and so writes as hexadecimal). */
function ruleKeys(field: RawField): string[] {
  const bytes = hexBytes(field);
  if (bytes) return bytes.toString('utf8').split('\u0001');
  return [field.value.replace(/^key=/, '')];
}

/** Numbers of a machine that is not in our tables have the name that auditd gave them, where it did. */
function nameCall({ interpreted }: AuditRecord, data: Map<string, string>): void {
  const arch = data.get('arch');
  if (arch !== undefined) data.set('arch', archName(arch));
  const call = data.get('syscall');
  if (call === undefined) return;
  const told = interpreted.find(({ key, value }) => key === 'SYSCALL' && /^\w+$/.test(value))?.value;
  const known = arch === undefined ? undefined : syscallName(archName(arch), Number(call));
  data.set('syscall', known ?? told ?? call);
}

function nameSignal(data: Map<string, string>): void {
  const name = signals[Number(data.get('sig'))];
  if (name) data.set('sig', name);
}

/** From 0. */
const signals =
  '- HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
    .split(' ')
    .map((name) => (name === '-' ? undefined : `SIG${name}`));

function readAddress(data: Map<string, string>): void {
  const address = data.get('saddr');
  if (address === undefined || !/^(?:[0-9A-Fa-f]{2})+$/.test(address)) return;
  data.delete('saddr');
  for (const [key, value] of Object.entries(socketAddress(address))) data.set(key, value);
}

/** Arguments too long for one record come in parts: `a1_len=9000 a1[0]=… a1[1]=…`; a character may be cut in two. */
function readArguments(record: AuditRecord, data: Map<string, string>): void {
  const parts = new Map<string, { readonly index: number; readonly bytes: Buffer }[]>();
  for (const field of record.fields) {
    const [, argument, index] = /^(a\d+)(?:\[(\d+)\])?$/.exec(field.key) ?? [];
    if (argument === undefined) continue;
    const bytes = hexBytes(field);
    if (index === undefined) data.set(argument, bytes ? upToNul(bytes) : field.value);
    else {
      data.delete(field.key);
      const part = { index: Number(index), bytes: bytes ?? Buffer.from(field.value, 'utf8') };
      parts.set(argument, [...(parts.get(argument) ?? []), part]);
    }
  }
  for (const [argument, found] of parts) data.set(argument, upToNul(Buffer.concat(inOrder(found))));
}

/** The parts of an argument; where one is missing, a sign of it keeps apart what did not stand together. */
function inOrder(parts: readonly { readonly index: number; readonly bytes: Buffer }[]): Buffer[] {
  const sorted = [...parts].sort((a, b) => a.index - b.index);
  return sorted.flatMap(({ index, bytes }, at) => {
    const next = at === 0 ? 0 : (sorted[at - 1]?.index ?? 0) + 1;
    return index > next ? [lostPart, bytes] : [bytes];
  });
}

/** The replacement character, as for bytes that are no text. */
const lostPart = Buffer.from('\ufffd', 'utf8');
