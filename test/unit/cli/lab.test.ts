// What `atomclock lab` refuses before it listens: each at its place, with what was expected and what to do.

import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../../../harness/cli/program.ts';
import { memoryIo } from './memory-io.ts';

it.each([
  [['--port', 'x'], /--port expects a whole number from 0 to 65535, got 'x'/],
  [['--port', '65536'], /--port expects a whole number from 0 to 65535, got '65536'/],
  [['--target', 'debian99'], /there is no target debian99.*\n.*debian1\d/],
  [
    ['--lessons', 'FILE'],
    /:2:15: error: there is no mitigation at-alow.*\n(?:.*\n)*.*Did you mean at-allow\?/,
  ],
  [['at-stdin'], /lab/],
])('lab %j exits 2', async (words, message) => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'atomclock-lab-'));
  const file = join(folder.path, 'course.yaml');
  writeFileSync(file, 'lessons:\n- mitigation: at-alow\n');
  const io = memoryIo();
  const given = words.map((word) => (word === 'FILE' ? file : word));
  expect(await runProgram(['lab', ...given], io, '0')).toBe(2);
  expect(io.stderr.text).toMatch(message);
  expect(io.stdout.text).toBe('');
});
