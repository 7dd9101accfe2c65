// Files as they come from strangers: only regular, bounded UTF-8 text gets in.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { maxSourceBytes, readSource } from '../../../harness/content/source.ts';
import { folderOf } from './folder-of.ts';

const codeOf = (path: string): string => {
  const read = readSource(path);
  return 'code' in read ? read.code : 'ok';
};

it('reads text, without its byte order mark', () => {
  const folder = folderOf({ 'a.yaml': '\ufeffname: é\n' });
  expect(readSource(join(folder, 'a.yaml'))).toMatchObject({
    file: join(folder, 'a.yaml'),
    text: 'name: é\n',
  });
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
