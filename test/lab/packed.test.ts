// What npm publishes, installed in somebody else's project: its matchers on attacks that are run there.

import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { repository, temporaryFolder } from './cli.ts';
import { leftBehind } from './containers.ts';

/** A limit that no machine keeps: Vitest gives the test up at once. */
const atOnceMs = 1;

const tests = `
import { writeFileSync } from 'node:fs';
import { detonate, detonateAll } from 'atomclock/vitest';
import { beforeAll, describe, expect, test } from 'vitest';

const runs = [];
const heard = (event) => {
  if (event.kind !== 'run-started') return;
  runs.push(event.run);
  writeFileSync('runs.json', JSON.stringify(runs));
};

test('an attack is run, seen and blocked', async () => {
  const result = await detonate('at-stdin', { mitigation: 'at-allow', onEvent: heard });
  expect(result).not.toExecute();
  expect(result).toBeBlockedBy('at-allow');
});

describe('several in one run', () => {
  let attacks;
  beforeAll(async () => {
    const options = { rules: 'mine.eql', user: 'bob', onEvent: heard };
    attacks = await detonateAll(['at-stdin', 'crontab-list'], options);
  });

  test('are each found', async () => {
    const at = await attacks.case('at-stdin');
    expect(at).toExecute();
    expect(at.case.proof.user).toBe('bob');
    expect(at).toFire('mine');
    expect(await attacks.case('crontab-list')).not.toBeSeen();
  });

  test('tell why a rule did not fire', async () => {
    const listed = await attacks.case('crontab-list');
    expect(() => expect(listed).toFire('mine')).toThrow(/mine does not match .*saw process\\.name/s);
  });
});

test('one that is not wanted any more', async () => {
  const enough = new AbortController();
  const onEvent = (event) => {
    heard(event);
    if (event.kind === 'phase' && event.phase === 'inventory') enough.abort(new RangeError('enough'));
  };
  await expect(detonate('at-stdin', { signal: enough.signal, onEvent })).rejects.toThrow('enough');
});

test('given up', async () => {
  await detonate('at-stdin', { onEvent: heard });
}, ${atOnceMs});
`;

it('runs attacks, tells what saw them, and leaves nothing', async () => {
  await using project = await temporaryFolder({
    'lab.test.js': tests,
    'mine.eql': 'process where event.action == "exec" and process.name == "at"\n',
    'vitest.config.js': 'export default { test: { testTimeout: 900_000, hookTimeout: 900_000 } };\n',
  });
  await execa(join(repository, '.ci/project'), [project.path], { stdio: ['ignore', 'ignore', 'inherit'] });
  await symlink(join(repository, 'node_modules/vitest'), join(project.path, 'node_modules/vitest'));
  const words = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=results.json'];
  const { stdout, stderr } = await execa('node', words, { cwd: project.path, reject: false });
  const results = JSON.parse(await readFile(join(project.path, 'results.json'), 'utf8')) as {
    testResults: { assertionResults: { title: string; status: string; failureMessages: string[] }[] }[];
  };
  const ended = results.testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = ended.filter(({ status }) => status !== 'passed');
  expect(
    failed.map(({ title }) => title),
    [stdout, stderr, ...failed.flatMap(({ failureMessages }) => failureMessages)].join('\n'),
  ).toEqual(['given up']);
  expect(failed[0]?.failureMessages.join()).toMatch(/timed out in 1ms/);
  expect(ended.length).toBe(5);
  const runs = JSON.parse(await readFile(join(project.path, 'runs.json'), 'utf8')) as string[];
  expect(runs.length).toBeGreaterThanOrEqual(3);
  for (const run of runs) expect(await leftBehind(run)).toEqual([]);
});
