// What several runs of the same cases do not agree on.

import { expect, it } from 'vitest';
import { flakinessText, flakyCases } from '../../../harness/engine/record/flakiness.ts';
import type { CaseRecord, RunRecord } from '../../../harness/model/run-record.ts';
import { sampleRecord } from '../report/fixture.ts';

const [first, second] = sampleRecord().cases as [CaseRecord, CaseRecord];
const run = (...cases: CaseRecord[]): RunRecord => ({ ...sampleRecord(), cases });

it('finds nothing where all came out the same, whatever the order of cases and rules', () => {
  const turned = { ...first, seenBy: [...first.seenBy].reverse() };
  const flaky = flakyCases([run(first, second), run(second, turned)]);
  expect(flaky).toEqual([]);
  expect(flakinessText(2, flaky)).toBe('2 runs, the same in all of them\n');
});

it.each<[string, Partial<CaseRecord>]>([
  ['its observation', { observation: 'inert' }],
  ['its verdict', { verdict: 'error' }],
  ['the rules that saw it', { seenBy: ['another-rule'] }],
])('finds a case that differs in %s, with the runs in which it did', (_, change) => {
  const other = { ...first, ...change };
  const [flaky, ...more] = flakyCases([run(first, second), run(other, second), run(first, second)]);
  expect(more).toEqual([]);
  expect(flaky?.id).toBe(first.id);
  expect(flaky?.ways.map(({ runs }) => runs)).toEqual([[1, 3], [2]]);
});

it('tells a case that a run does not have', () => {
  const flaky = flakyCases([run(first), run(first, second)]);
  expect(flakinessText(2, flaky)).toMatch(/^\S+\n {2}1 of 2 \(1\): missing\n {2}1 of 2 \(2\): .*\n1 cases/);
});
