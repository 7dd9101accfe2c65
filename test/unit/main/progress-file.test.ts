// progress.ndjson: what was said before there was a folder is in it, too, and a disk that is full is told.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ProgressFile } from '../../../harness/main/progress-file.ts';
import { stamped } from '../../../harness/main/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-progress-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('keeps every event in order, each with its time', async () => {
  await using file = new ProgressFile();
  const say = stamped((event) => file.add(event));
  say({ kind: 'note', message: 'before' });
  file.openIn(folder);
  say({ kind: 'note', message: 'after\nit' });
  await file.close();
  say({ kind: 'note', message: 'too late' });
  const events = readFileSync(join(folder, 'progress.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { at: string; message: string });
  expect(events.map(({ message }) => message)).toEqual(['before', 'after\nit']);
  for (const { at } of events) expect(new Date(at).toISOString()).toBe(at);
});

it('says where it could not be written', async () => {
  await using file = new ProgressFile();
  file.openIn(join(folder, 'nowhere'));
  file.add({ at: '', kind: 'note', message: 'lost' });
  await expect(file.close()).rejects.toMatchObject({ code: 'output/unwritable', exitCode: 2 });
});

it('is no file where a run ended before it had a folder', async () => {
  await using file = new ProgressFile();
  file.add({ at: '', kind: 'note', message: 'lost' });
  await file.close();
});
