// A run with the journal as its only sensor: what a daemon's log proves is proven by it, all else cannot be told.

import { beforeAll, expect, it } from 'vitest';
import { type Outcome, recordOf, temporaryFolder } from './cli.ts';

let outcome: Outcome;
beforeAll(async () => {
  await using folder = await temporaryFolder();
  const words = ['run', 'cron-d-drop', 'at-stdin', '--mitigation', 'none', '--sensor', 'journal'];
  outcome = await recordOf([...words, '--out', `${folder.path}/run`]);
});

const found = (slug: string) => outcome.record.cases.find(({ atomic }) => atomic.slug === slug);

it('proves a job of cron by what cron logs of it', () => {
  const { observation, proof } = found('cron-d-drop') ?? {};
  expect(observation).toBe('executed');
  expect(proof).toMatchObject({ by: 'log', scheduler: 'cron' });
});

it('cannot tell of a job of at, of which atd logs nothing, and says which sensor could', () => {
  const { observation, verdict, proof, reasons } = found('at-stdin') ?? {};
  expect({ observation, verdict, proof }).toEqual({ observation: 'errored', verdict: 'error', proof: null });
  expect(reasons?.join('\n')).toMatch(/ebpf.*\[case\/no-sensor\]/);
  expect(outcome.exitCode).toBe(3);
});
