// Folders as they come from strangers: links in circles, links to nowhere, files that are none.

import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findFiles } from '../../../harness/content/folder.ts';
import { folderOf } from './folder-of.ts';

const yaml = ['.yaml', '.yml'];
const found = (folder: string) => findFiles(folder, yaml).files.map(({ relativePath }) => relativePath);

it('finds files below a folder in one order on every machine', () => {
  const folder = folderOf({
    'b/2.yml': '',
    'b/10.yaml': '',
    'a.YAML': '',
    'B/x.yaml': '',
    'notes.md': '',
    'node_modules/x.yaml': '',
    '.git/x.yaml': '',
  });
  expect(found(folder)).toEqual(['B/x.yaml', 'a.YAML', 'b/10.yaml', 'b/2.yml']);
});

it('takes a file that is named itself, whatever its ending', () => {
  const folder = folderOf({ 'atomics.txt': '' });
  expect(findFiles(join(folder, 'atomics.txt'), yaml).files).toEqual([
    { path: join(folder, 'atomics.txt'), relativePath: 'atomics.txt', named: true },
  ]);
});

it('follows links, but not in circles', () => {
  const folder = folderOf({ 'a/x.yaml': '', 'b/y.yaml': '' });
  symlinkSync('..', join(folder, 'a/up'));
  symlinkSync('../b', join(folder, 'a/b'));
  symlinkSync('self', join(folder, 'self'));
  const { files, problems } = findFiles(folder, yaml);
  expect(files.map(({ relativePath }) => relativePath)).toEqual(['a/b/y.yaml', 'a/x.yaml']);
  expect(problems).toEqual([]);
});

it('reports a link to nowhere as a warning and passes over pipes', () => {
  const folder = folderOf({ 'x.yaml': '' });
  symlinkSync('gone.yaml', join(folder, 'dangling.yaml'));
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  const { files, problems } = findFiles(folder, yaml);
  expect(files).toHaveLength(1);
  expect(problems).toMatchObject([{ code: 'file/dangling-link', severity: 'warning' }]);
});

it('says what is wrong with a path that leads nowhere, or too deep', () => {
  const folder = folderOf({ [`${'d/'.repeat(50)}x.yaml`]: '', 'near.yaml': '' });
  expect(findFiles(join(folder, 'none'), yaml).problems).toMatchObject([
    { code: 'file/unreadable', message: 'no such file or folder', severity: 'error' },
  ]);
  const deep = findFiles(folder, yaml);
  expect(deep.files.map(({ relativePath }) => relativePath)).toEqual(['near.yaml']);
  expect(deep.problems).toMatchObject([{ code: 'file/too-deep' }]);
});
