// A terminal whose size nobody has set, as CI's and `script` make them: it says that it has no columns.

import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../harness/model/package-root.ts';

it('is written to as wide as no terminal at all', ({ skip }) => {
  const { status } = spawnSync('sh', ['-c', 'command -v script']);
  skip(status !== 0, 'needs script(1), which makes a terminal');
  const listing = `${process.execPath} ${join(packageRoot, 'harness/cli/main.ts')} list rules`;
  const { COLUMNS: _, ...env } = process.env;
  const printed = execFileSync('sh', ['-c', `script -qec '${listing}' /dev/null`], {
    ...{ env: { ...env, SHELL: '/bin/sh' }, encoding: 'utf8' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = stripVTControlCharacters(printed).split(/\r?\n/);
  const widest = Math.max(...lines.map((line) => line.length));
  expect(widest).toBeGreaterThan(80);
  expect(widest).toBeLessThanOrEqual(100);
});
