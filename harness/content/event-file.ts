// A bare file of events, read in constant memory: JSON objects, one a line or over several, without what exports
// wrap around them or put between them; a list of them; or lines of text.

import { stat } from 'node:fs/promises';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { type Line, linesOf } from './event-file-lines.ts';
import { itemsOf, jsonFault } from './json-text.ts';
import { isSentToSplunk, lineInObject, runtimeLine, type WholeLine, WrappedLines } from './wrapped-line.ts';

export type FileRecord =
  /** `line` is the line on which the object begins, or its position in a list, from 1. */
  { kind: 'object'; line: number; value: object } | TextRecord;

interface TextRecord {
  kind: 'text';
  line: number;
  text: string;
  /** When it was written, where what was wrapped around it tells: ISO 8601. */
  written?: string;
}

export interface Reading {
  /** Called with the size of each piece that was read. */
  onBytes(bytes: number): void;
  /** Told, with file and line, what of the file is no event; the rest is read all the same. */
  onUnreadable(problem: string): void;
}

/**
 * The records of a file, in order, as many at once as were read at once; the first line that is not blank tells
 * whether it is JSON or text.
 * @throws AtomclockError `replay/unreadable`, `replay/unknown-format`, `replay/not-an-event` with file and line
 */
export async function* recordsOf(file: string, reading: Reading): AsyncGenerator<Iterable<FileRecord>> {
  let reader: Reader | undefined;
  for await (const lines of linesOf(file, reading.onBytes, reading.onUnreadable)) {
    const from = reader ? 0 : lines.findIndex(({ text }) => !isBlank(text));
    const first = lines[from];
    if (!first) continue;
    reader ??= readerFor(first.text, file, reading);
    yield recordsIn(from === 0 ? lines : lines.slice(from), reader);
  }
  const last: FileRecord[] = [];
  reader?.end(last);
  yield last;
}

/** One after the other, as they are asked for: an event that was judged is not kept until its neighbours are. */
function* recordsIn(lines: readonly Line[], reader: Reader): Generator<FileRecord> {
  for (const line of lines) {
    const records: FileRecord[] = [];
    reader.push(line, records);
    yield* records;
  }
}

/** Size in bytes; 0 for what has none, such as a pipe. */
export async function fileSize(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    throw new AtomclockError('replay/unreadable', `cannot read ${file}: ${(cause as Error).message}`, {
      exitCode: exitCodes.badInput,
      cause,
    });
  }
}

/** Adds the records that are complete with a line, and at the end those that were not. */
interface Reader {
  push(line: Line, records: FileRecord[]): void;
  end(records: FileRecord[]): void;
}

function readerFor(firstLine: string, file: string, { onUnreadable }: Reading): Reader {
  if (/^\s*\[\s*(?:[{\]]|$)/.test(firstLine)) return new ListReader(file, onUnreadable);
  if (/^\s*\{/.test(unframed(firstLine)) || separator.test(firstLine))
    return new ObjectReader(file, onUnreadable);
  return runtimeLine(firstLine) ? new RuntimeReader() : textReader;
}

const textReader: Reader = {
  push: ({ number, text }, records) => records.push({ kind: 'text', line: number, text }),
  end: () => {},
};

/** The log of a container runtime. */
class RuntimeReader implements Reader {
  readonly #lines = new WrappedLines();

  push({ number, text }: Line, records: FileRecord[]): void {
    const wrapped = runtimeLine(text);
    const line = wrapped ? this.#lines.push(wrapped, number) : { number, text, time: undefined };
    if (line) addLine(line, records);
  }

  end(records: FileRecord[]): void {
    for (const line of this.#lines.end()) addLine(line, records);
  }
}

const isBlank = (text: string): boolean => text.trim() === '';

/** What evtx_dump writes before each event. */
const separator = /^Record \d+$/;

/** A line that begins with `{` begins an object; others go on with it, unless it was closed. */
class ObjectReader implements Reader {
  readonly #file: string;
  readonly #onUnreadable: Reading['onUnreadable'];
  readonly #lines = new WrappedLines();
  #begun: Line | undefined;
  #isClosed = false;

  constructor(file: string, onUnreadable: Reading['onUnreadable']) {
    this.#file = file;
    this.#onUnreadable = onUnreadable;
  }

  push({ number, text: framed }: Line, records: FileRecord[]): void {
    if (framed.startsWith('Record ') && separator.test(framed)) {
      this.#close(records);
      return;
    }
    const text = unframed(framed);
    if (this.#isClosed || text.startsWith('{')) this.#close(records);
    const begun = this.#begun;
    if (!begun && isBlank(text)) return;
    this.#begun = begun ? { number: begun.number, text: `${begun.text}\n${text}` } : { number, text };
    this.#isClosed = isClosing(text);
    if (this.#begun.text.length > longestWhole) throw tooLong(this.#file, this.#begun.number);
  }

  end(records: FileRecord[]): void {
    this.#close(records);
    for (const line of this.#lines.end()) addLine(line, records);
  }

  #close(records: FileRecord[]): void {
    if (!this.#begun) return;
    const { number, text } = this.#begun;
    this.#begun = undefined;
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (cause) {
      const { offset, message } = jsonFault(cause, text);
      // One that breaks off is looked for where it begins.
      const at = offset < text.trimEnd().length ? offset : 0;
      this.#onUnreadable(`${this.#file}:${placeIn(text, at, number)}: ${message}`);
      return;
    }
    if (isObject(value)) addEvents(value, number, records, this.#lines);
    else this.#onUnreadable(`${this.#file}:${number}:1: expected a JSON object, got ${text.slice(0, 40)}`);
  }
}

/** Whether an object may end with the line, for all that its ends tell. */
const isClosing = (text: string): boolean =>
  (text.startsWith('{') || text.startsWith('}')) && (text.endsWith('}') || text.trimEnd().endsWith('}'));

/** Without what journalctl's json-seq and json-sse put before each object. */
const unframed = (text: string): string =>
  text.slice(text.startsWith('\u001e') ? 1 : text.startsWith('data: ') ? 'data: '.length : 0);

/** Whole numbers beyond what a double holds keep their digits, as bigint: inodes, times in nanoseconds. */
function parseJson(text: string): unknown {
  if (!hasManyDigits(text) || !longNumber.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key, value: unknown, { source = '' }: { source?: string } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d{1,400}$/.test(source)
      ? BigInt(source)
      : value,
  );
}

/** Whether sixteen digits stand side by side: one of them is at every sixteenth place, so that few places are looked at. */
function hasManyDigits(text: string): boolean {
  for (let at = digits - 1; at < text.length; at += digits) {
    if (!isDigit(text, at)) continue;
    let from = at;
    while (isDigit(text, from - 1)) from -= 1;
    let to = at + 1;
    while (isDigit(text, to)) to += 1;
    if (to - from >= digits) return true;
    at = to;
  }
  return false;
}

/** As many as the shortest number has that a double may not hold. */
const digits = 16;

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

const longNumber = /[\s:,[]-?\d{16,}[\s,\]}]/;

/** A list is read as a whole. */
class ListReader implements Reader {
  readonly #file: string;
  readonly #onUnreadable: Reading['onUnreadable'];
  #text = '';

  constructor(file: string, onUnreadable: Reading['onUnreadable']) {
    this.#file = file;
    this.#onUnreadable = onUnreadable;
  }

  push({ text }: Line): void {
    this.#text += `${text}\n`;
    if (this.#text.length > longestWhole) throw tooLong(this.#file, 1);
  }

  end(records: FileRecord[]): void {
    const lines = new WrappedLines();
    for (const [index, value] of this.#items().entries()) {
      if (isObject(value)) addEvents(value, index + 1, records, lines);
      else this.#onUnreadable(`${this.#file}:1:1: item ${index + 1} of the list is not an object`);
    }
    for (const line of lines.end()) addLine(line, records);
  }

  /** Of a list that is none as a whole, as one that breaks off, those items that can be read. */
  #items(): unknown[] {
    try {
      return parseJson(this.#text) as unknown[];
    } catch (cause) {
      const { offset, message } = jsonFault(cause, this.#text);
      const items = [...itemsOf(this.#text)].flatMap((text) => {
        try {
          return [parseJson(text)];
        } catch {
          return [];
        }
      });
      const place = `${this.#file}:${placeIn(this.#text, offset, 1)}`;
      if (items.length === 0)
        throw refused(`${place}: it begins like a JSON list and is none: ${message}`, cause);
      this.#onUnreadable(`${place}: ${message}; ${items.length} items of the list could be read`);
      return items;
    }
  }
}

/** Line and column in the file of a character of a text that begins on this line. */
function placeIn(text: string, offset: number, line: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${line + before.length - 1}:${(before.at(-1) ?? '').length + 1}`;
}

/** What must be read as a whole, a list or an object over several lines, has this limit. */
const longestWhole = 256 * 1024 * 1024;

/** `lines` has the pieces of lines that are not complete yet. */
function addEvents(value: object, number: number, records: FileRecord[], lines: WrappedLines): void {
  for (const event of unwrapped(value)) {
    const wrapped = lineInObject(event);
    const line = wrapped && lines.push(wrapped, number);
    if (line) addLine(line, records);
    else if (!wrapped) records.push({ kind: 'object', line: number, value: event });
  }
}

/** Programs in containers write events as JSON, or lines of a log. */
function addLine({ text, time, number }: WholeLine, records: FileRecord[]): void {
  const value = objectIn(text);
  if (value)
    for (const event of unwrapped(value)) records.push({ kind: 'object', line: number, value: event });
  else
    for (const one of isAuditEvent(text) ? text.split('\n') : [text])
      records.push({ kind: 'text', line: number, text: one, ...(time !== undefined && { written: time }) });
}

/** Several records of the audit system, which collectors put together where they are of one event. */
const isAuditEvent = (text: string): boolean =>
  /^(?:(?:node=\S+ )?type=\S+ msg=audit\(.*(?:\n|$))+$/.test(text);

function objectIn(text: string): object | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What tools wrap around events: Elasticsearch and Kibana the answer to a search and each document's envelope, Chainsaw
 * what its rules say of one document or several, Splunk each row of a result and what it is sent. What only says where the next line's
 * document is to go is no event.
 */
function unwrapped(value: {
  hits?: unknown;
  _source?: unknown;
  fields?: unknown;
  _index?: unknown;
  document?: unknown;
  documents?: unknown;
  preview?: unknown;
  result?: unknown;
}): object[] {
  const { hits, _source: source, fields, _index: index, document, documents, preview, result } = value;
  if (isObject(hits) && 'hits' in hits && Array.isArray(hits.hits))
    return hits.hits.filter(isObject).flatMap(unwrapped);
  if (isObject(source)) return [source];
  if (index !== undefined && isObject(fields)) return [fields];
  if ((preview !== undefined || (isObject(result) && '_raw' in result)) && isObject(result)) return [result];
  if (isSentToSplunk(value) && isObject(value.event)) return [value.event];
  if (isBulkAction(value)) return [];
  const found = (Array.isArray(documents) ? documents : [document]).flatMap(dataOf);
  return found.length > 0 ? found : [value];
}

/**
 * What stands before each document in a request for Elasticsearch's `_bulk`.
 * @source Elasticsearch reference, Bulk API: `{"index": {"_index": …}}`, `create`; what updates and deletes is no log
 */
function isBulkAction(value: object): boolean {
  const target = 'index' in value ? value.index : 'create' in value ? value.create : undefined;
  if (!isObject(target) || Object.keys(value).length > 1) return false;
  return Object.keys(target).every((key) => bulkKeys.has(key));
}

const bulkKeys: ReadonlySet<string> = new Set(
  `_index _id _type routing pipeline dynamic_templates require_alias require_data_stream list_executed_pipelines
  if_seq_no if_primary_term version version_type`.split(/\s+/),
);

/** The event in a document of Chainsaw's. */
const dataOf = (document: unknown): object[] =>
  isObject(document) && 'kind' in document && 'data' in document && isObject(document.data)
    ? [document.data]
    : [];

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const tooLong = (file: string, line: number): AtomclockError =>
  notAnEvent(file, line, `JSON of over ${longestWhole} characters; write one event a line instead`);

const notAnEvent = (file: string, line: number, why: string): AtomclockError =>
  refused(`${file}:${line}:1: ${why}`);

const refused = (message: string, cause?: unknown): AtomclockError =>
  new AtomclockError('replay/not-an-event', message, { exitCode: exitCodes.badInput, cause });
