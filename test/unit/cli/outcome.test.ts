// Exit codes of runs.

import { expect, it } from 'vitest';
import { outcomeOf } from '../../../harness/cli/outcome.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { bareRecord, sampleRecord } from '../report/fixture.ts';

const only = (change: (record: RunRecord) => void): RunRecord => {
  const record = sampleRecord();
  record.cases = record.cases.filter(({ verdict }) => verdict === 'pass' || verdict === 'skip');
  record.rules = record.rules
    .filter(({ error }) => error === null)
    .map(({ silent: _, ...rule }) => ({ ...rule, falsePositives: [] }));
  change(record);
  return record;
};

const noise = [{ case: 'at-stdin@debian12', eventIds: ['ebpf-1'] }];
const nearest = { case: 'at-stdin@debian12', text: 'a test failed', distance: 1 };
const silence = [{ technique: 'T1053.002', attacks: ['at-stdin@debian12'], nearest }];

it.each<[string, number, RunRecord]>([
  ['all as expected, skips and noise among it', 0, only(() => {})],
  ['matches in bare events', 0, bareRecord()],
  [
    'an expectation that failed',
    1,
    only(({ cases }) => Object.assign(cases[0] as object, { verdict: 'fail' })),
  ],
  [
    'a rule that is silent on what it claims',
    1,
    only(({ rules }) => Object.assign(rules[0] as object, { silent: silence })),
  ],
  [
    'a rule that fires on a benign twin',
    1,
    only(({ rules }) => Object.assign(rules[0] as object, { falsePositives: noise })),
  ],
  [
    'a rule that also fires on background',
    0,
    only(({ rules }) => Object.assign(rules[0] as object, { crossTalk: noise })),
  ],
  [
    'a case that could not be told',
    3,
    only(({ cases }) => Object.assign(cases[0] as object, { verdict: 'error' })),
  ],
  [
    'a rule that cannot be used',
    2,
    only(({ rules }) => Object.assign(rules[0] as object, { error: 'broken' })),
  ],
  ['all of it', 2, sampleRecord()],
])('%s → %i', (_, exitCode, record) => {
  expect(outcomeOf(record)).toBe(exitCode);
});
