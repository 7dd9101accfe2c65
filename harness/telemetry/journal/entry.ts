// One journal entry as `journalctl -o json` prints it, with journald's special cases of JSON made plain text.

import { AtomclockError, exitCodes } from '../../model/errors.ts';

export interface JournalEntry {
  /** Field name → text; a field that occurs several times in the entry has several. */
  readonly fields: ReadonlyMap<string, string | readonly string[]>;
}

/**
 * Reads one line of `journalctl -o json`.
 * @throws AtomclockError `journal/not-json` when the line is not a JSON object
 */
export const parseEntry = (line: string): JournalEntry => entryFrom(jsonObject(line));

/** The entry that an object is, as journalctl prints it; undefined for objects of other origin. */
export const journalEntryOf = (value: object): JournalEntry | undefined =>
  isJournalEntry(value) ? entryFrom(value) : undefined;

/** Whether journalctl has printed the object. */
export const isJournalEntry = (value: object): boolean =>
  '__REALTIME_TIMESTAMP' in value || ('MESSAGE' in value && 'SYSLOG_IDENTIFIER' in value);

/** The same with a further line of its message. */
export const withMoreText = (entry: JournalEntry, line: string): JournalEntry => ({
  fields: new Map(entry.fields).set('MESSAGE', `${field(entry, 'MESSAGE') ?? ''}\n${line}`),
});

/** All texts of the field. */
export function fieldValues(entry: JournalEntry, name: string): readonly string[] {
  const value = entry.fields.get(name);
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The field's text; of a field given twice the first. */
export function field(entry: JournalEntry, name: string): string | undefined {
  const value = entry.fields.get(name);
  return typeof value === 'string' ? value : value?.[0];
}

/**
 * Bytes that are not UTF-8 come as an array of numbers, a field given twice as an array of values, a field too
 * large for journalctl as null (which is left out).
 */
function entryFrom(value: object): JournalEntry {
  const fields = new Map<string, string | readonly string[]>();
  for (const [name, written] of Object.entries(value)) {
    const text = fieldText(written);
    if (text !== undefined) fields.set(name, text);
  }
  return { fields };
}

function fieldText(value: unknown): string | readonly string[] | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return value === null || typeof value === 'object' ? undefined : String(value);
  if (value.every((item) => typeof item === 'number')) return Buffer.from(value).toString('utf8');
  return value.map(fieldText).filter((item) => typeof item === 'string');
}

function jsonObject(line: string): object {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw notJson(line, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notJson(line);
  return value;
}

const notJson = (line: string, cause?: unknown): AtomclockError =>
  new AtomclockError(
    'journal/not-json',
    `Expected an entry of \`journalctl -o json\` (a JSON object), got: ${JSON.stringify(line.slice(0, 80))}`,
    { exitCode: exitCodes.badInput, cause },
  );
