// One text file as it was read, and the way to complain about a place in it.

import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { placeAt } from '../model/place.ts';

export interface Source {
  /** Path as shown to the user: relative to the working directory where it lies below it. */
  file: string;
  text: string;
}

/** Five times what the largest of Atomic Red Team's files takes; parsing that much nonsense still ends in seconds. */
export const maxSourceBytes = 512 * 1024;

/**
 * Reads a text file.
 * @param path absolute path
 * @param maxBytes the largest file that is still taken for what it is said to be
 * @returns the text, or the problem that it is missing, not a regular file, too large, or not UTF-8 text
 */
export function readSource(path: string, maxBytes: number = maxSourceBytes): Source | Problem {
  const file = shownPath(path);
  const refuse = (code: string, message: string): Problem => ({
    code: `file/${code}`,
    message,
    place: { file, line: 1, column: 1 },
    severity: 'error',
  });
  try {
    // Opening a pipe would wait for a writer, so the kind is looked up before.
    if (!statSync(path).isFile()) return refuse('not-regular', 'expected a regular file');
    const descriptor = openSync(path, 'r');
    try {
      const { size } = fstatSync(descriptor);
      if (size > maxBytes) return refuse('too-large', `expected at most ${maxBytes} bytes, got ${size}`);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor));
      if (text.includes('\0')) return refuse('binary', 'expected text, got a file with NUL characters');
      return { file, text };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof TypeError) return refuse('encoding', 'expected UTF-8 text');
    return refuse('unreadable', `cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`);
  }
}

export const isProblem = (value: Source | Problem): value is Problem => 'severity' in value;

/** Path as terminals turn it into a link: relative below the working directory, absolute elsewhere. */
export function shownPath(path: string): string {
  const below = relative('', path);
  return below.startsWith('..') ? path : below || '.';
}

/** What a complaint says, apart from where. */
export type Complaint = Pick<Problem, 'code' | 'message'> & Partial<Pick<Problem, 'hint' | 'severity'>>;

/** A problem at a character offset of a source, with the line for its caret. */
export function problemAt(source: Source, offset: number, complaint: Complaint): Problem {
  const place = placeAt(source.file, source.text, offset);
  return withSourceLine({ severity: 'error', ...complaint, place }, source);
}

/** Adds the line that a problem's place is in, and makes the problem safe to show. */
export function withSourceLine(problem: Problem, source: Source | undefined): Problem {
  const line = source?.text.split('\n')[problem.place.line - 1]?.replace(/\r$/, '');
  return {
    ...problem,
    message: printable(problem.message),
    // A line that does not fit a screen would hide the caret, not show it.
    ...(line !== undefined && line.length <= 200 && { sourceLine: printable(line) }),
  };
}

/** Control characters would let a file write to the reader's terminal; a line keeps its width. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
