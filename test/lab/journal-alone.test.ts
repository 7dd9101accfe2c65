// A run with the journal as its only sensor: what a daemon's log proves is proven by it, all else cannot be told.

import { beforeAll, expect, it } from 'vitest';
import { account, caseOf } from './cases.ts';
import { type Outcome, recordOf, temporaryFolder } from './cli.ts';

let outcome: Outcome;
beforeAll(async () => {
  await using folder = await temporaryFolder();
  const words = ['run', 'cron-d-drop', 'at-stdin', '--mitigation', 'none', '--sensor', 'journal'];
  outcome = await recordOf([...words, '--out', `${folder.path}/run`]);
});

it('proves a job of cron by what cron logs of it', () => {
  const found = caseOf(outcome.record, 'cron-d-drop');
  expect(found, account(found)).toMatchObject({
    observation: 'executed',
    proof: { by: 'log', scheduler: 'cron' },
  });
});

it('cannot tell of a job of at, of which atd logs nothing, and says which sensor could', () => {
  const found = caseOf(outcome.record, 'at-stdin');
  expect(found, account(found)).toMatchObject({ observation: 'errored', verdict: 'error', proof: null });
  expect(found.reasons.join('\n')).toMatch(/ebpf.*\[case\/no-sensor\]/);
  expect(outcome.exitCode).toBe(3);
});
