// Text files as they come from strangers: only regular, bounded UTF-8 text gets in.

import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { type Source, sourceOf } from '../model/source.ts';

/** Five times what the largest of Atomic Red Team's files takes; parsing that much nonsense still ends in seconds. */
export const maxSourceBytes = 512 * 1024;

/**
 * Reads a text file.
 * @param path absolute path
 * @param maxBytes the largest file that is still taken for what it is said to be
 * @returns the text under its path as shown to the user, or the problem that it is missing, not a regular file, too large, or not UTF-8 text
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
      return sourceOf(file, text);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof TypeError)
      return { ...refuse('encoding', 'expected UTF-8 text'), hint: savedAsUtf8 };
    return refuse('unreadable', `cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`);
  }
}

const savedAsUtf8 = 'Save it as UTF-8: iconv -f latin1 -t utf-8 FILE (or -f utf-16) writes it so.';

/** Whether a file of bearable size that is no UTF-8 text has a word in it all the same, whatever its encoding. */
export function mentions(path: string, word: string): boolean {
  try {
    const file = statSync(path);
    if (!file.isFile() || file.size > maxSourceBytes) return false;
    return readFileSync(path, 'latin1').replaceAll('\0', '').includes(word);
  } catch {
    return false;
  }
}

export const isProblem = (value: Source | Problem): value is Problem => 'severity' in value;

/** Path as terminals turn it into a link: relative below the working directory, absolute elsewhere. */
export function shownPath(path: string): string {
  const below = relative('', path);
  return below.startsWith('..') ? path : below || '.';
}
