// Where a run may be kept: in a new folder, in place of an earlier run, and nowhere else.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { claimForRecord, claimForRun } from '../../../harness/main/run-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'atomclock-run-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

const record = '{\n  "schemaVersion": 1\n}';
const evidence = '{ "evidenceVersion": 1 }';
const run = {
  'run.json': record,
  'evidence.json': evidence,
  'progress.ndjson': '{}',
  'cases/a@b/case.json': '{}',
};

let count = 0;
/** A folder with these files; a new name where there are none. */
function folderOf(files: Record<string, string>): string {
  count += 1;
  const folder = join(root, String(count));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const left = (folder: string): string[] => readdirSync(folder).toSorted();

describe('a new run', () => {
  it.each([
    ['a new folder', {}, []],
    ['an earlier run', run, []],
    ['an earlier run with a report beside it', { ...run, 'report.html': '<p>' }, ['report.html']],
    [
      'a record alone, of a version to come',
      { 'run.json': '{"schemaVersion": 99}', 'notes.md': '' },
      ['notes.md'],
    ],
    ['what a killed run has left', { 'cases/a@b/case.json': '{' }, []],
  ])('is kept in %s', async (_, files, rest) => {
    const folder = folderOf(files);
    await claimForRun(folder);
    expect(left(folder)).toEqual(rest);
  });

  it.each([
    ['rules', { 'cron.yml': 'title: x' }],
    ["somebody else's run.json", { 'run.json': '{"name": "x"}', 'package.json': '{}' }],
  ])('is not kept among %s', async (_, files) => {
    const folder = folderOf(files);
    await expect(claimForRun(folder)).rejects.toMatchObject({ code: 'output/not-a-run', exitCode: 2 });
    expect(left(folder)).toEqual(Object.keys(files).toSorted());
  });
});

it('is made with what is missing above it, and not where a file or nothing can be', async () => {
  const file = join(folderOf({ x: '' }), 'x');
  await expect(claimForRun(join(file, 'run'))).rejects.toMatchObject({ code: 'output/unwritable' });
  await expect(claimForRun(file)).rejects.toMatchObject({ code: 'output/unwritable' });
  await claimForRun(join(dirname(file), 'a/b/c/'));
  expect(left(join(dirname(file), 'a/b'))).toEqual(['c']);
});

describe('a record alone', () => {
  it.each([
    ['a new folder', {}],
    ['an earlier record', { 'run.json': record, 'notes.md': '' }],
  ])('is kept in %s', async (_, files) => {
    const folder = folderOf(files);
    await claimForRecord(folder, null);
    expect(left(folder)).toEqual(Object.keys(files).toSorted());
  });

  it('replaces the record of the evidence that it was made of, whatever its path is called', async () => {
    const folder = folderOf(run);
    await claimForRecord(folder, `${folder}/../${count}/`);
    expect(left(folder)).toEqual(['cases', 'evidence.json', 'progress.ndjson', 'run.json']);
  });

  it.each([
    ['the evidence of another run', run, 'output/other-run'],
    ['rules', { 'cron.yml': 'title: x' }, 'output/not-a-run'],
  ])('is not put beside %s', async (_, files, code) => {
    const folder = folderOf(files);
    await expect(claimForRecord(folder, folderOf(run))).rejects.toMatchObject({ code, exitCode: 2 });
    await expect(claimForRecord(folder, null)).rejects.toMatchObject({ code });
  });
});
