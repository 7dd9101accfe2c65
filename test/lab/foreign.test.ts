import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { account, caseOf } from './cases.ts';
import { recordOf, repository, temporaryFolder } from './cli.ts';

const corpus = join(process.env.CORPORA ?? join(repository, '../shared/corpora'), 'atomic-red-team');

describe.skipIf(!existsSync(corpus))("Atomic Red Team's own tests, as they are", () => {
  let record: RunRecord;
  beforeAll(async () => {
    await using folder = await temporaryFolder();
    ({ record } = await recordOf(['run', '--atomics', corpus, '--out', folder.path]));
  });

  it.each([
    ['7266d898-ac82-4ec0-97c7-436075d0d08e', 'atd'],
    ['435057fb-74b1-410e-9403-d81baf194f75', 'cron'],
    ['f4983098-bb13-44fb-9b2c-46149961807b', 'systemd'],
    ['3de33f5b-62e5-4e63-a2a0-6fd8808c80ec', 'systemd'],
    ['d3eda496-1fc0-49e9-aff5-3bec5da9fa22', 'systemd'],
  ])('%s runs, launched by %s', (guid, scheduler) => {
    const found = caseOf(record, guid);
    expect(found, account(found)).toMatchObject({ observation: 'executed', proof: { scheduler } });
  });

  it.each([
    ['b7d42afa-9086-4c8a-b7b0-8ea3faa6ebb0', /not executable, run-parts skips it/],
    ['078e69eb-d9fb-450e-b9d0-2e118217c846', /bad minute; while reading \/etc\/cron.d\/persistevil/],
    ['2d943c18-e74a-44bf-936f-25ade6cccab4', /\(persistevil\) ORPHAN \(no passwd entry\)/],
  ])('%s exits 0 and never runs, and the system says why', (guid, reason) => {
    const inert = caseOf(record, guid);
    expect(inert.observation, account(inert)).toBe('inert');
    expect(inert.steps.filter(({ role }) => role === 'attack').map(({ exitCode }) => exitCode)).toEqual([0]);
    expect(inert.reasons.join('\n')).toMatch(reason);
  });

  it('says that the job of the crontab test was launched and exited 127', () => {
    const found = caseOf(record, '435057fb-74b1-410e-9403-d81baf194f75');
    expect(found.proof?.exitCode, account(found)).toBe(127);
  });

  it('skips what is for other platforms, with the reason', () => {
    const others = record.cases.filter(({ verdict }) => verdict === 'skip');
    expect(others.length).toBeGreaterThan(0);
    for (const { reasons, observation } of others) {
      expect(observation).toBeNull();
      expect(reasons.join()).toMatch(/windows|containers|kubernetes/i);
    }
  });
});
