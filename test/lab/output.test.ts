// Where a run is kept: what cannot be written is told before anything starts, and an interrupt loses nothing that ended.

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvidenceFile } from '../../harness/content/evidence-folder.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { account, accounts, caseOf } from './cases.ts';
import { atomclock, lineOn, type Outcome, recordOf, temporaryFolder } from './cli.ts';

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
  expect(exitCode, stderr).toBe(2);
  expect(stderr).toContain(`Run kept in ${run}`);
  expect((await atomclock(['report', run])).exitCode).toBe(0);
});

describe('a run of four attacks that is interrupted', () => {
  const attacks = ['at-stdin', 'cron-d-drop', 'crontab-stdin', 'systemd-run-timer'];
  const words = ['run', ...attacks, '--mitigation', 'none', '--jobs', '1'];
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let whole: Outcome;
  let part: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    part = `${folder.path}/part`;
    whole = await recordOf([...words, '--out', `${folder.path}/whole`]);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('keeps the cases that had ended', async () => {
    const run = atomclock([...words, '--out', part]);
    await lineOn(run.stderr, /pass.*at-stdin@debian12/);
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).toBe(130);
    expect(stderr).toMatch(/\d of 5 cases are kept: atomclock replay/);
    expect(await readdir(part)).not.toContain('run.json');
    const { record } = await recordOf(['replay', part]);
    const ended = caseOf(record, 'at-stdin@debian12');
    expect(ended.verdict, account(ended)).toBe('pass');
  });

  it('is taken up: only what was missing is run, and it comes to what a whole run does', async () => {
    const { run, cases } = await readEvidenceFile(part);
    const kept = cases.map(({ id }) => id);
    const before = await writtenAt(part, kept);
    const { record, exitCode, stderr } = await recordOf(['run', '--resume', part]);
    expect(stderr).toContain(`has ${kept.length} of its 5 cases: the others are run`);
    const ran = [...stderr.matchAll(/^\[\d+\/\d+\] \w+ +(\S+)/gm)].map(([, id = '']) => id);
    const attempted = whole.record.cases.map(({ id }) => id).filter((id) => !kept.includes(id));
    expect(attempted.length).toBeGreaterThan(0);
    expect(ran.toSorted()).toEqual(attempted.toSorted());
    expect(await writtenAt(part, kept)).toEqual(before);
    expect(exitCode, accounts(record)).toBe(whole.exitCode);
    expect(record.run.id).toBe(run.id);
    expect(outcomesOf(record), accounts(record)).toEqual(outcomesOf(whole.record));
    expect((await recordOf(['replay', part])).record).toEqual(record);
  });
});

/** When the evidence of each of these cases was written. */
const writtenAt = (folder: string, ids: readonly string[]): Promise<number[]> =>
  Promise.all(ids.map(async (id) => (await stat(join(folder, 'cases', id, 'case.json'))).mtimeMs));

/** What a run says of each case, whenever it ran and whatever its processes were called. */
const outcomesOf = ({ cases, rules, summary }: RunRecord) => ({
  cases: cases.map(({ id, observation, verdict, reasons, detections, seenBy }) => ({
    ...{ id, observation, verdict, reasons, seenBy },
    detections: detections.map(({ rule, outcome }) => ({ rule, outcome })),
  })),
  fired: rules.map(({ slug, firedIn }) => ({ slug, firedIn })),
  attacks: summary.attacks,
});

describe('a run of controls, treated cases and ways around that is interrupted', () => {
  // The last two are declared to get by at-allow.
  const words = ['run', 'at-stdin', 'at-allow-added', 'timer-user', '--jobs', '2'];
  const under = ['--mitigation', 'at-allow', '--mitigation', 'at-allow+cron-allow'];

  it('comes to the same as one that is not, but for times', async () => {
    await using folder = await temporaryFolder();
    const [whole, part] = [join(folder.path, 'whole'), join(folder.path, 'part')];
    const uninterrupted = await recordOf([...words, ...under, '--out', whole]);
    const run = atomclock([...words, ...under, '--out', part]);
    // A control is there, and a treated case that goes with it; others of both kinds are not.
    await lineOn(run.stderr, /at-stdin@debian12\+at-allow /);
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    expect(exitCode, stderr).toBe(130);
    const kept = (await readEvidenceFile(part)).cases.map(({ id }) => id);
    expect(kept).toContain('at-stdin@debian12+at-allow');
    expect(kept.length).toBeLessThan(uninterrupted.record.cases.length);
    const before = await writtenAt(part, kept);

    const resumed = await recordOf(['run', '--resume', part]);
    expect(await writtenAt(part, kept)).toEqual(before);
    expect(timeless(resumed.record), accounts(resumed.record)).toEqual(timeless(uninterrupted.record));
    expect(resumed.exitCode, accounts(resumed.record)).toBe(uninterrupted.exitCode);
    expect((await recordOf(['replay', part])).record).toEqual(resumed.record);
  });
});

/** What a run says of its cases and mitigations, without times, marks of a case and numbers of processes. */
const timeless = ({ cases, mitigations, ...record }: RunRecord) => ({
  ...outcomesOf({ ...record, cases, mitigations }),
  steps: cases.map(({ id, steps }) => [
    id,
    steps.map(({ role, user, exitCode }) => ({ role, user, exitCode })),
  ]),
  mitigations: JSON.parse(JSON.stringify(mitigations).replace(/atomclock-[0-9a-f]{12}/g, 'atomclock-mark')),
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
  expect(full.record.mitigations, full.record.cases.map(account).join('\n')).toMatchObject([
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

it('begins no further case once one has failed, with --bail, and runs the others with --resume', async () => {
  // It executes: this expectation fails.
  await using folder = await temporaryFolder({ 'wrong.yaml': 'at-stdin:\n  observation: inert\n' });
  const out = join(folder.path, 'run');
  const wrong = join(folder.path, 'wrong.yaml');
  const selection = ['at-stdin', 'timers-list', 'crontab-list', '--mitigation', 'none', '--expect', wrong];
  const bailed = await recordOf(['run', ...selection, '--bail', '--jobs', '1', '--out', out]);
  expect(bailed.exitCode, bailed.stderr).toBe(1);
  const failed = caseOf(bailed.record, 'at-stdin@debian12');
  expect(failed.verdict, account(failed)).toBe('fail');
  const missing = ['timers-list@debian12', 'crontab-list@debian12'].toSorted();
  expect(bailed.record.run.missing?.toSorted()).toEqual(missing);
  expect(bailed.stderr).toContain(
    `--bail: 2 of 4 cases were not begun; atomclock run --resume ${out} runs them`,
  );
  const resumed = await recordOf(['run', '--resume', out]);
  expect(resumed.exitCode, accounts(resumed.record)).toBe(1);
  expect(resumed.record.run.missing).toBeUndefined();
  expect(resumed.record.cases.map(({ verdict }) => verdict).toSorted()).toEqual(['fail', 'pass', 'pass']);
});
