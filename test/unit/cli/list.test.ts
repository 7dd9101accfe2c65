// What `list` shows in a terminal.

import { expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from './memory-io.ts';

async function listed(...words: string[]): Promise<string> {
  const io = memoryIo();
  expect(await runProgram(['list', ...words], io, '9.9.9'), io.stderr.text).toBe(0);
  return io.stdout.text;
}

it('has each variant by its whole id, with all that it sets, in the width of the terminal', async () => {
  const text = await listed('cron-d-drop', '--variants');
  const ids = [...text.matchAll(/^ {2}(cron-d-drop~\S+)$/gm)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(30);
  expect(ids).toContain('cron-d-drop~alias=slashes');
  expect(text).toMatch(/^ {2}cron-d-drop~alias=slashes\n {6}path-text: \w+=\/etc\/+cron\.d/m);
  expect(text).not.toContain('…');
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it('has at most as many combinations of an attack as pairs=N allows, and says what these cover', async () => {
  const text = await listed('pairs=3', 'cron-d-drop', '--variants');
  expect(text.match(/^ {2}cron-d-drop~\S+~\S+$/gm)).toHaveLength(3);
  expect(text).toMatch(/^ {2}cron-d-drop +3 +3 +\d+ +\d+ +\d+$/m);
});
