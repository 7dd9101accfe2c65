// Text from outside in Markdown: it stays text, whatever characters it has.

import { printable } from './printable.ts';

/**
 * Text that stays text: every character that Markdown, GitHub's extensions or HTML could act on is escaped.
 * (`:` and `.` because bare addresses become links.)
 */
export const text = (value: string): string =>
  printable(value)
    .replace(/[\\`*_{}[\]<>#|~&!@$^=]/g, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/(?<=\bwww)\./gi, '\\.')
    .replace(/^(\s*)(?=[-+])/, '$1\\')
    .replace(/^(\s*\d+)(?=[.)])/, '$1\\');

/** A code span: its fence is longer than any run of backticks within. */
export function code(value: string): string {
  const content = printable(value).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return content === '' ? '' : `${fence}${pad}${content}${pad}${fence}`;
}
