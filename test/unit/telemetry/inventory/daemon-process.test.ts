// What /proc says of daemons: which process is one, and which a fork that outlived one.

import { describe, expect, it } from 'vitest';
import { isDaemon, readProcess } from '../../../../harness/telemetry/inventory/daemon-process.ts';

it('is read from a line of stat, whatever the name holds', () => {
  const line = `41 (cron) 9) S 1 41 40 0 -1 1077936192 265 0 0 0 0 0 0 0 20 0 1 0 8643 6000000 600`;
  expect(readProcess(line)).toEqual({ parent: 1, session: 40, startedAfterBootMs: 86_430 });
  expect(readProcess('')).toBeUndefined();
});

describe('a process with the name of a daemon', () => {
  it.each<[string, { pid: number; session: number }, number | undefined, boolean]>([
    ['leads its session: a daemon', { pid: 41, session: 41 }, 33, true],
    ['is in the session of the one that was there: a fork of it', { pid: 41, session: 33 }, 33, false],
    ['is in the session of a script: a daemon that was started by hand', { pid: 41, session: 40 }, 33, true],
    ['is in a session of which nothing is known', { pid: 41, session: 40 }, undefined, false],
    ['is the one that was there', { pid: 33, session: 33 }, 33, true],
  ])('%s', (_, process, former, is) => {
    expect(isDaemon(process, former)).toBe(is);
  });
});
