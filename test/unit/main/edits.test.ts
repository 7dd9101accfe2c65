// What counts as an edit of content, and what an editor does beside it.

import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { editsOf, payloadsBeside } from '../../../harness/main/edits.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-edits-'));
afterAll(() => rmSync(folder, { recursive: true }));
const own = join(folder, 'own.yaml');
writeFileSync(own, 'one');

it('tells of an edit, of a file renamed onto one and of one that is new, and of none that an editor keeps', async () => {
  const over = new AbortController();
  const edits = editsOf([folder], over.signal);
  let count = 0;
  const told = (async () => {
    for (;;) {
      await edits.next();
      count++;
    }
  })();
  const counted = async (wanted: number): Promise<void> => {
    while (count < wanted) await wait(10);
  };
  // Watching begins with the first question; what is written then is either seen or there before.
  await wait(100);
  writeFileSync(own, 'other');
  await counted(1);
  writeFileSync(join(folder, '.own.yaml.swp'), 'kept by an editor');
  writeFileSync(join(folder, 'own.yaml~'), 'kept by an editor');
  await wait(300);
  expect(count).toBe(1);
  writeFileSync(join(folder, 'new'), 'another');
  await counted(2);
  renameSync(join(folder, 'new'), own);
  await counted(3);
  over.abort(new RangeError('over'));
  await expect(told).rejects.toThrow('over');
});

it('takes the folders of payloads beside a file of atomics for its content', () => {
  mkdirSync(join(folder, 'src'));
  expect(payloadsBeside(own)).toEqual([join(folder, 'src')]);
  expect(payloadsBeside(folder)).toEqual([]);
});
