// A bare file of events, read in constant memory: ECS or Sigma records as NDJSON, journal JSON, or a raw audit log;
// also one JSON document (an event, or a list of them), as rules' own test data comes.

import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { AtomclockError, exitCodes } from '../model/errors.ts';

export type EventRecord =
  /** One JSON object; `line` is its line, or its position in a document's list, from 1. */
  | { kind: 'json' | 'journal'; line: number; value: object; text: string }
  | { kind: 'audit'; line: number; text: string };

const auditRecord = /^(?:node=\S+ )?type=\S+ msg=audit\(\d+\.\d+:\d+\):/;
/** A single line longer than this is no event. */
const longestLine = 64 * 1024 * 1024;
/** Only what is read as a whole has this limit. */
const largestDocument = 256 * 1024 * 1024;

/**
 * The records of a file, in order; the first line that is not empty tells the format of all.
 * @param onBytes called with the size of each piece that was read
 * @throws AtomclockError `replay/unreadable`, `replay/unknown-format`, `replay/not-an-event` with file and line
 */
export async function* recordsOf(
  file: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<EventRecord> {
  let kind: EventRecord['kind'] | undefined;
  for await (const { number, text } of linesOf(file, onBytes)) {
    if (kind === undefined) {
      kind = kindOf(file, number, text);
      if (kind === 'json' && !isWholeObject(text)) {
        yield* documentOf(file, text);
        return;
      }
    }
    if (kind === 'audit') yield { kind, line: number, text };
    else yield { kind, line: number, text, value: objectOf(file, number, text) };
  }
}

/** Size in bytes; 0 for what has none, such as a pipe. */
export async function fileSize(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function kindOf(file: string, line: number, text: string): EventRecord['kind'] {
  if (auditRecord.test(text)) return 'audit';
  if (/^\s*\{/.test(text) && text.includes('"__REALTIME_TIMESTAMP"')) return 'journal';
  if (/^\s*[{[]/.test(text)) return 'json';
  throw new AtomclockError(
    'replay/unknown-format',
    `${file}:${line}:1: expected JSON objects, one a line, or journalctl -o json, or an audit log, got ${JSON.stringify(text.slice(0, 60))}`,
    { exitCode: exitCodes.badInput },
  );
}

/** A first line that is an object is the first of many; anything else that is JSON begins a document. */
function isWholeObject(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return text.trim() !== '{' && text.trimEnd().endsWith('}');
  }
}

async function* documentOf(file: string, firstLine: string): AsyncGenerator<EventRecord> {
  const size = await fileSize(file);
  if (size > largestDocument) {
    throw notAnEvent(
      file,
      1,
      `one JSON document of over ${largestDocument} bytes; write one event a line instead`,
    );
  }
  let document: unknown;
  try {
    // A pipe cannot be read twice: there the document must be one line.
    document = JSON.parse(size === 0 ? firstLine : withoutMark(await readFile(file, 'utf8')));
  } catch (cause) {
    throw notAnEvent(
      file,
      1,
      `it is neither one JSON object a line nor one JSON document: ${(cause as Error).message}`,
    );
  }
  for (const [index, value] of (Array.isArray(document) ? document : [document]).entries()) {
    if (!isObject(value)) throw notAnEvent(file, 1, `item ${index + 1} of the list is not an object`);
    yield { kind: 'json', line: index + 1, value, text: JSON.stringify(value) };
  }
}

interface Line {
  /** From 1. */
  number: number;
  text: string;
}

/** The lines of a file of any size; empty ones are counted and left out. */
async function* linesOf(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1024 * 1024 })) {
      const text = rest + (number === 0 && rest === '' ? withoutMark(chunk as string) : (chunk as string));
      onBytes(Buffer.byteLength(chunk as string));
      let from = 0;
      for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
        number += 1;
        const line = text.slice(from, text[to - 1] === '\r' ? to - 1 : to);
        if (line !== '') yield { number, text: line };
        from = to + 1;
      }
      rest = text.slice(from);
      if (rest.length > longestLine) {
        throw notAnEvent(file, number + 1, `a line of over ${longestLine} characters`);
      }
    }
  } catch (cause) {
    throw cause instanceof AtomclockError ? cause : unreadable(file, cause);
  }
  if (rest !== '') yield { number: number + 1, text: rest };
}

function objectOf(file: string, line: number, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notAnEvent(file, line, `it is not JSON: ${(cause as Error).message}`, cause);
  }
  if (isObject(value)) return value;
  throw notAnEvent(file, line, `expected a JSON object, got ${text.slice(0, 40)}`);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Windows tools begin a file with a byte order mark. */
const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

const unreadable = (file: string, cause: unknown): AtomclockError =>
  new AtomclockError('replay/unreadable', `cannot read ${file}: ${(cause as Error).message}`, {
    exitCode: exitCodes.badInput,
    cause,
  });

const notAnEvent = (file: string, line: number, why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('replay/not-an-event', `${file}:${line}:1: ${why}`, {
    exitCode: exitCodes.badInput,
    cause,
  });
