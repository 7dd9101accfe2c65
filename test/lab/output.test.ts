// Where a run is kept: what cannot be written is told before anything starts, and an interrupt loses nothing that ended.

import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { atomclock, lineOn, recordOf, temporaryFolder } from './cli.ts';

it('starts nothing when the run cannot be kept', async () => {
  await using folder = await temporaryFolder({ file: '' });
  const { exitCode, stdout, stderr } = await atomclock([
    'run',
    'at-stdin',
    '--out',
    `${folder.path}/file/run`,
  ]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(`cannot write ${folder.path}/file/run [output/unwritable]`);
  expect(stderr).not.toContain('idle@debian12');
});

it('says where the run is when a report cannot be written', async () => {
  await using folder = await temporaryFolder({ file: '' });
  const run = `${folder.path}/run`;
  const words = ['run', 'at-stdin', '--mitigation', 'none', '--out', run];
  const { exitCode, stderr } = await atomclock([...words, '--report', `junit=${folder.path}/file/junit.xml`]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`Run kept in ${run}`);
  expect((await atomclock(['report', run])).exitCode).toBe(0);
});

it('keeps the cases that had ended when it is interrupted', async () => {
  await using folder = await temporaryFolder();
  const run = atomclock(['run', 'core', '--jobs', '1', '--out', folder.path]);
  await lineOn(run.stderr, /pass.*at-stdin@debian12/);
  run.kill('SIGINT');
  const { exitCode, stderr } = await run;
  expect(exitCode).toBe(130);
  expect(stderr).toMatch(/\d of \d+ cases are kept: atomclock replay/);
  expect(await readdir(folder.path)).not.toContain('run.json');
  const { record } = await recordOf(['replay', folder.path]);
  expect(record.cases.find(({ id }) => id === 'at-stdin@debian12')).toMatchObject({ verdict: 'pass' });
});

it('keeps a shard that got no case, and merges it with one that has a composition into a run that replays', async () => {
  await using folder = await temporaryFolder();
  const [one, none, both] = [`${folder.path}/1`, `${folder.path}/2`, `${folder.path}/both`];
  const words = ['run', 'at-stdin', '--mitigation', 'at-allow+cron-allow'];
  const [full, empty] = await Promise.all([
    recordOf([...words, '--shard', '1/2', '--out', one]),
    recordOf([...words, '--shard', '2/2', '--out', none]),
  ]);
  expect(empty).toMatchObject({ exitCode: 0, record: { cases: [] } });
  expect(full.record.mitigations).toMatchObject([
    {
      case: 'at-stdin@debian12+at-allow+cron-allow',
      verdict: 'blocks',
      stage: 'submission',
      legitimate: [{ works: true }, { works: true }, { works: true }, { works: true }],
      members: [
        { id: 'at-allow', claims: true, seen: expect.stringContaining('permission') },
        { id: 'cron-allow', claims: false, seen: null },
      ],
    },
  ]);
  const merged = await recordOf(['merge', none, one, '--out', both]);
  expect(merged).toMatchObject({ exitCode: 0, record: { cases: full.record.cases } });
  expect((await recordOf(['replay', both])).record).toEqual(merged.record);
});
