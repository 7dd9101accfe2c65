// Limits are for tests that hang, on a machine of any speed: what must be fast is held to processor time.
// Three projects, one after another: `unit` is pure and takes seconds; `lab` starts real containers, two files at a time,
// as a run waits more than it works; `lab-alone` has the files that need the whole engine or kernel, or measure it.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What looks at everybody's containers or ends them, reads the kernel's audit log, floods a sensor or measures time. */
const alone = [
  'audit',
  'docker-sidecar',
  'docker-sweep',
  'doctor',
  'engine-gone',
  'flood',
  'run',
  'sensor-life',
].map((name) => `test/lab/${name}.test.ts`);

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');

const lab = {
  setupFiles: ['test/seed.ts'],
  testTimeout: 1_200_000,
  hookTimeout: 1_200_000,
};

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    // As `npm run atomclock` has it: a command line that a test starts is compiled once, and not a hundred times.
    env: { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(cache, 'atomclock/compile') },
    // Without it a machine that is busy for a second fails a test.
    expect: { poll: { timeout: 300_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: ['test/seed.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          ...lab,
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          exclude: alone,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...lab,
          name: 'lab-alone',
          include: alone,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
