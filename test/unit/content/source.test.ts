// Files as they come from strangers: only regular, bounded UTF-8 text gets in, and complaints are safe to print.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { maxSourceBytes, problemAt, readSource } from '../../../harness/content/source.ts';
import { folderOf } from './folder-of.ts';

const codeOf = (path: string): string => {
  const read = readSource(path);
  return 'code' in read ? read.code : 'ok';
};

it('reads text, without its byte order mark', () => {
  const folder = folderOf({ 'a.yaml': '\ufeffname: é\n' });
  expect(readSource(join(folder, 'a.yaml'))).toEqual({ file: join(folder, 'a.yaml'), text: 'name: é\n' });
});

it('refuses what is no bounded text', () => {
  const folder = folderOf({
    'latin1.yaml': Buffer.from([0x6e, 0xe9, 0x0a]),
    'nul.yaml': 'a\0b',
    'huge.yaml': 'x'.repeat(maxSourceBytes + 1),
    'largest.yaml': 'x'.repeat(maxSourceBytes),
  });
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  expect(
    ['latin1', 'nul', 'huge', 'largest', 'pipe', 'none'].map((name) => codeOf(join(folder, `${name}.yaml`))),
  ).toEqual(['file/encoding', 'file/binary', 'file/too-large', 'ok', 'file/not-regular', 'file/unreadable']);
  expect(codeOf(folder)).toBe('file/not-regular');
});

it('puts the caret under the column and lets no escape sequence through', () => {
  const source = { file: 'a.yaml', text: 'a: 1\nb:\t\u001b[31mred\r\n' };
  const problem = problemAt(source, source.text.indexOf('\u001b'), { code: 'c', message: 'bad \u001b[2J' });
  expect(problem.place).toEqual({ file: 'a.yaml', line: 2, column: 4 });
  expect(problem.sourceLine).toBe('b:\t\ufffd[31mred');
  expect(problem.message).toBe('bad \ufffd[2J');
});

it('leaves out a line that no screen can show', () => {
  const source = { file: 'a.yaml', text: 'x'.repeat(10_000) };
  expect(problemAt(source, 5000, { code: 'c', message: 'm' })).not.toHaveProperty('sourceLine');
});
