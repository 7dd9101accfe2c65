// Executed attacks that no rule saw: a number and their names, where there is any attack to see.

import { expect, it } from 'vitest';
import type { CaseRecord, RunRecord } from '../../../harness/model/run-record.ts';
import { recordOf } from '../../../harness/model/run-summary.ts';
import { reporters } from '../../../harness/report/reporters.ts';
import { unseenAttacks } from '../../../harness/report/summary-line.ts';
import { bareRecord, manyOf, sampleRecord } from './fixture.ts';

const [attack] = sampleRecord().cases as [CaseRecord, ...CaseRecord[]];
const record = (cases: Partial<CaseRecord>[]): RunRecord =>
  recordOf({
    ...sampleRecord(),
    mitigations: [],
    cases: cases.map((each, at) => ({ ...attack, id: `a${at}@debian12`, seenBy: [], ...each })),
  });

it.each<[string, RunRecord, string | null]>([
  ['none where no attack executed', record([{ observation: 'inert' }, { observation: null }]), null],
  ['none of a bare file of events', bareRecord(), null],
  ['that all were seen', record([{ seenBy: ['any'] }]), 'Unseen: 0 of 1 executed attacks'],
  [
    'those that nothing saw, in their order',
    record([{}, { seenBy: ['any'] }, {}]),
    'Unseen: 2 of 3 executed attacks: a0@debian12, a2@debian12',
  ],
  [
    'neither benign twins nor treated cases nor what did not execute',
    record([{}, { kind: 'benign' }, { mitigation: 'stopper' }, { observation: 'refused' }]),
    'Unseen: 1 of 1 executed attacks: a0@debian12',
  ],
])('tells %s', (_, run, line) => {
  expect(unseenAttacks(run)).toBe(line);
  const output = reporters.console.render(run, { color: false, columns: 200 }).output;
  expect(output.split('\n').filter((one) => one.startsWith('Unseen'))).toEqual(line === null ? [] : [line]);
});

it('names in a terminal a dozen of them, of which the first table has every procedure', () => {
  const { record: run } = manyOf(10);
  const output = reporters.console.render(run, { color: false, columns: 1000 }).output;
  const [line = ''] = output.split('\n').filter((one) => one.startsWith('Unseen'));
  expect(line).toMatch(/^Unseen: 20 of 30 executed attacks: (?:\S+, ){10}\S+ and 9 more$/);
});
