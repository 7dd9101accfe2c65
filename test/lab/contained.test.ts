// Atomics that want to take the machine with them: each harms its own container alone, its case says what it did, and its
// neighbours run as if nothing were.

import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { connect } from '../../harness/docker/host/connection.ts';
import type { CaseRecord, RunRecord } from '../../harness/model/run-record.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, temporaryFolder } from './cli.ts';
import { leftBehind } from './containers.ts';

const table = 'echo "* * * * * root touch /tmp/p" > /etc/cron.d/p';

/** The command, what must be observed, and what must be said. */
const forms: Record<string, { command: string; observation: CaseRecord['observation']; reasons?: RegExp }> = {
  'first neighbour': { command: table, observation: 'executed' },
  reboot: {
    command: 'reboot; sleep 60',
    observation: 'errored',
    reasons: /powered off, rebooted or was killed/,
  },
  'power off': {
    command: 'systemctl --force poweroff; sleep 60',
    observation: 'errored',
    reasons: /powered off, rebooted or was killed/,
  },
  'full disk': {
    command: 'fallocate -l 3G /var/fill; sleep 60',
    observation: 'errored',
    reasons: /was ended: it had written 3\d\d\d MiB to its disk, of 2048 that it may/,
  },
  'no end': {
    command: 'trap "" TERM INT HUP; while :; do sleep 1; done',
    observation: 'refused',
    reasons: /ran into its time limit/,
  },
  'second neighbour': { command: table, observation: 'executed' },
  // Its processes may take all that the container may have, for longer than a step may run.
  'fork bomb': {
    command: 'bomb() { bomb | bomb & }; bomb; wait',
    observation: null,
    reasons: /as many processes as it may have|time limit|fork|Resource temporarily unavailable/i,
  },
};

let record: RunRecord;
let exitCode: number | undefined;
beforeAll(async () => {
  await using folder = await temporaryFolder();
  const technique = join(folder.path, 'checkout/atomics/T1053.003');
  await mkdir(technique, { recursive: true });
  await writeFile(join(technique, 'T1053.003.yaml'), atomicFile());
  const words = ['run', '--atomics', join(folder.path, 'checkout'), '--jobs', '3'];
  ({ record, exitCode } = await recordOf([...words, '--out', join(folder.path, 'run')], {
    ATOMCLOCK_STEP_LIMIT_S: '25',
  }));
});

it.for(Object.entries(forms))('%s', async ([name, { observation, reasons }], { skip }) => {
  const needed = name === 'full disk' ? 4096 : 0;
  const free = needed === 0 ? 0 : await freeMiB();
  skip(free < needed, `needs ${needed} MiB of the engine's disk: ${free} are free`);
  const found = caseOf(record, name);
  if (observation !== null) expect(found.observation, account(found)).toBe(observation);
  else expect(found.observation, account(found)).not.toBe('executed');
  if (reasons) expect(found.reasons.join('\n'), account(found)).toMatch(reasons);
});

/** Where containers lie; where that is another machine's, as much as is wanted. */
async function freeMiB(): Promise<number> {
  const { DockerRootDir } = (await (await connect()).docker.info()) as { DockerRootDir: string };
  const found = await statfs(DockerRootDir).catch(() => null);
  return found === null ? Number.POSITIVE_INFINITY : Math.floor((found.bavail * found.bsize) / 1024 ** 2);
}

it('tells by its exit code that something could not be told, and leaves no container behind', async () => {
  expect(exitCode).toBe(3);
  expect(await leftBehind(record.run.id)).toEqual([]);
});

function atomicFile(): string {
  const tests = Object.entries(forms).map(([name, { command }]) => ({
    name,
    description: name,
    supported_platforms: ['linux'],
    executor: { name: 'bash', elevation_required: true, command },
  }));
  return stringify({ attack_technique: 'T1053.003', display_name: 'Forms', atomic_tests: tests });
}
