// Arguments as a shell would have them typed, for lines that people read.

import { unprintable } from './unprintable.ts';

/** The arguments as one line: quoted where a shell would split or read them, what cannot be seen escaped. */
export const shellWords = (args: readonly string[]): string => args.map(shellWord).join(' ');

/** @source POSIX.1-2024, Shell Command Language, 2.2 Quoting: `'…'`, and `$'…'` for what cannot be seen */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (word.search(unprintable) < 0) return `'${word.replaceAll("'", "'\\''")}'`;
  const text = word.replace(/[\\']/g, '\\$&').replace(unprintable, escaped);
  return `$'${text}'`;
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\u001b': '\\e' };

/** A shell reads as many digits as there are: all that it takes are written. */
const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  const digits = (count: number) => code.toString(16).padStart(count, '0');
  return named[character] ?? (code < 0x80 ? `\\x${digits(2)}` : `\\U${digits(8)}`);
};
