// An event as Laurel writes it, one JSON object of all its records, as the records that auditd would have logged.

import type { AuditRecord, RawField } from './record.ts';

/** Whether it is one of Laurel's: the id is the time and the number of the event, the records stand under their types. */
export const isLaurelEvent = (value: object): value is { readonly ID: string } =>
  'ID' in value && typeof value.ID === 'string' && idForm.test(value.ID);

const idForm = /^(\d{9,11})\.(\d{3}):(\d{1,15})$/;

/**
 * The records of an event.
 * @returns none for one without a record of the kernel's or of a program's
 * @source Laurel, json-format.md: one record is an object, several are a list; arguments are lists; hexadecimal and octal
 * numbers are texts (`0x1f`, `0o755`); bytes that are no plain text are percent-encoded
 */
export function laurelRecords(event: { readonly ID: string }, line: number): AuditRecord[] {
  const [, seconds, milliseconds, serial] = idForm.exec(event.ID) ?? [];
  const node = 'NODE' in event && typeof event.NODE === 'string' ? { node: event.NODE } : {};
  const head = { ...node, time: Number(seconds) * 1000 + Number(milliseconds), serial: Number(serial), line };
  return Object.entries(event)
    .filter(([type]) => /^[A-Z][A-Z0-9_]*$/.test(type) && !ofLaurel.has(type))
    .flatMap(([type, said]) =>
      (Array.isArray(said) ? said : [said]).filter(isObject).map((body) => ({
        ...head,
        type,
        fields: fieldsOf(type, body),
        interpreted: translated(body),
        // Tells records of one type apart.
        text: JSON.stringify(body),
      })),
    );
}

/** What it adds from /proc: not the records of this event. */
const ofLaurel: ReadonlySet<string> = new Set(['PARENT_INFO', 'CONTAINER_INFO', 'CONTAINER', 'ENV']);

type Body = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fieldsOf(type: string, body: Body): RawField[] {
  const fields = Object.entries(body)
    .filter(([key]) => !isTranslated(key))
    .flatMap(([key, value]) => rawFields(key, value));
  const words = argumentsOf(body);
  if (words === undefined) return fields;
  if (type === 'PROCTITLE') return [...fields, { key: 'proctitle', value: words.join(' '), quoted: true }];
  const written = (word: string, index: number): RawField[] =>
    type === 'EXECVE' ? [{ key: `a${index}`, value: word, quoted: true }] : rawFields(`a${index}`, word);
  return [...fields, ...words.flatMap(written)];
}

function argumentsOf({ ARGV: list, ARGV_STR: joined }: Body): string[] | undefined {
  if (Array.isArray(list)) return list.map(String).map(decoded);
  return typeof joined === 'string' ? joined.split(' ').map(decoded) : undefined;
}

/** What is not a number in another notation is text that somebody chose. */
function rawFields(key: string, value: unknown): RawField[] {
  if (Array.isArray(value)) return value.flatMap((each) => rawFields(key, each));
  if (typeof value !== 'string') {
    return value === null || typeof value === 'object' ? [] : [{ key, value: String(value), quoted: false }];
  }
  if (numericKeys.test(key) && /^0[xo][0-9a-fA-F]+$/.test(value))
    return [{ key, value: value.replace(/^0x|(?<=^0)o/, ''), quoted: false }];
  return value === '' ? [] : [{ key, value: decoded(value), quoted: true }];
}

/** Those that the kernel writes with another base than ten. */
const numericKeys = /^(?:arch|a[0-3]|mode|cap_\w+|saddr)$/;

const isTranslated = (key: string): boolean => /^[A-Z]/.test(key);

/** `UID`, `SYSCALL`: readable forms, as auditd adds them to an enriched log. */
const translated = (body: Body): RawField[] =>
  Object.entries(body)
    .filter(([key, value]) => isTranslated(key) && !key.startsWith('ARGV') && typeof value === 'string')
    .map(([key, value]) => ({ key, value: String(value), quoted: true }));

/** Bytes that are no UTF-8 stay as they are written. */
function decoded(text: string): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}
