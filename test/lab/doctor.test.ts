// `atomclock doctor` on the machine that runs the tests, which is one that can run the lab.

import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type Check, checkNames } from '../../harness/docker/doctor/checks/check.ts';
import { examine } from '../../harness/main/doctor.ts';
import type { RunEvent } from '../../harness/model/run-event.ts';

/** What `doctor` without further words asks for. */
const usual = { targets: [], sensors: [] };

describe('doctor', () => {
  it('has a row for every check, none of them worse than a note', async () => {
    const { ready, checks } = await examine({ ...usual, fix: false }, null, () => {});
    expect(checks.map(({ name }) => name)).toEqual(checkNames);
    expect(checks.filter(({ state }) => state !== 'ok' && state !== 'note')).toEqual([]);
    expect(ready).toBe(true);
  });

  it('with --fix on a machine in order has nothing to say, and does not even load the sensor again', async () => {
    await examine({ ...usual, fix: true }, null, () => {});
    const said: RunEvent[] = [];
    const { checks } = await examine({ ...usual, fix: true }, null, (event) => said.push(event));
    expect(said).toEqual([]);
    expect(checks.find(({ name }) => name === 'sensor')?.found).toContain('loaded before');
  });

  it('names a chosen engine that does not answer, and never replaces it', async () => {
    const { stdout, stderr, exitCode } = await execa(
      process.execPath,
      ['harness/cli/main.ts', 'doctor', '--fix', '--json'],
      { env: { DOCKER_HOST: 'tcp://127.0.0.1:1' }, reject: false },
    );
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    expect(exitCode, stderr).toBe(3);
    expect(checks.find(({ name }) => name === 'engine')).toMatchObject({
      state: 'failed',
      wrong: expect.stringContaining('DOCKER_HOST names tcp://127.0.0.1:1'),
    });
    expect(checks.find(({ name }) => name === 'sensor')?.state).toBe('skipped');
  });
});
