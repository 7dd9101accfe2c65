// A bare file of events, read line by line: ECS or Sigma records as NDJSON, journal JSON, or a raw audit log.

import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { AtomclockError, exitCodes } from '../model/errors.ts';

export type EventFormat = 'json' | 'journal' | 'audit';

export interface Line {
  /** From 1. */
  number: number;
  text: string;
}

const auditRecord = /^(?:node=\S+ )?type=\S+ msg=audit\(\d+\.\d+:\d+\):/;
/** What is looked at to tell the format; the first record of any of them is shorter than this. */
const sampleBytes = 64 * 1024;
/** A single line longer than this is no event. */
const longestLine = 16 * 1024 * 1024;

/**
 * Tells the format from the first line that is not empty.
 * @throws AtomclockError `replay/unreadable`, `replay/unknown-format`
 */
export async function formatOf(file: string): Promise<EventFormat> {
  const first = (await head(file)).split('\n').find((line) => line.trim() !== '') ?? '';
  if (first === '') return 'json';
  if (auditRecord.test(first)) return 'audit';
  if (first.trimStart().startsWith('{')) return first.includes('"__REALTIME_TIMESTAMP"') ? 'journal' : 'json';
  throw new AtomclockError(
    'replay/unknown-format',
    `${file}:1:1: expected one JSON object per line, journalctl -o json, or an audit log, got ${JSON.stringify(first.slice(0, 60))}`,
    { exitCode: exitCodes.badInput },
  );
}

/** The lines of a file of any size, in constant memory; empty ones are counted and left out. */
export async function* linesOf(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark: 1024 * 1024 })) {
    const text = rest + (chunk as string);
    onBytes(Buffer.byteLength(chunk as string));
    let from = 0;
    for (let to = text.indexOf('\n'); to !== -1; to = text.indexOf('\n', from)) {
      number += 1;
      const line = text.slice(from, text[to - 1] === '\r' ? to - 1 : to);
      if (line !== '') yield { number, text: line };
      from = to + 1;
    }
    rest = text.slice(from);
    if (rest.length > longestLine)
      throw notAnEvent(file, number + 1, `a line of over ${longestLine} characters`);
  }
  if (rest !== '') yield { number: number + 1, text: rest };
}

/**
 * A line as a JSON object.
 * @throws AtomclockError `replay/not-an-event` with file and line
 */
export function parseEvent(file: string, { number, text }: Line): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notAnEvent(file, number, 'it is not JSON', cause);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw notAnEvent(file, number, `expected a JSON object, got ${text.slice(0, 40)}`);
}

export const fileSize = async (file: string): Promise<number> => (await stat(file)).size;

async function head(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (cause) {
    throw new AtomclockError('replay/unreadable', `cannot read ${file}: ${(cause as Error).message}`, {
      exitCode: exitCodes.badInput,
      cause,
    });
  }
}

const notAnEvent = (file: string, line: number, why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('replay/not-an-event', `${file}:${line}:1: ${why}`, {
    exitCode: exitCodes.badInput,
    cause,
  });
