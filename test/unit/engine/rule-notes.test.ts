// What is said of rules beside them reaches the record: analytics of ATT&CK, and why a branch is proven by no run.

import { expect, it } from 'vitest';
import { ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import { branchRecord } from '../../../harness/engine/judge/rule-coverage.ts';
import { RunJudge } from '../../../harness/engine/judge/run-judge.ts';
import { branchesOf, loadRules } from '../../../harness/rules/index.ts';
import { runFacts } from './content.ts';

const { rules } = loadRules([
  { file: 'made.eql', text: 'file where file.path like ("/a/*", "/b/*") and not process.name == "cat"' },
]);
const [rule] = rules;
if (rule === undefined) throw new RangeError('expected a rule');
const branches = branchesOf(rule);

it('a reason stands beside its branch, as long as nothing proves it', () => {
  const reasons = new Map([['process.name is "cat"', 'no cat writes']]);
  const none = branchRecord({ branches, proven: new Set() }, reasons);
  expect(none.unproven.map(({ branch, why }) => [branch, why])).toEqual([
    ['file.path starts with "/a/"', undefined],
    ['file.path starts with "/b/"', undefined],
    ['process.name is "cat"', 'no cat writes'],
  ]);
  expect(none).toMatchObject({ total: 3, proven: 0 });
  expect(branchRecord({ branches, proven: new Set(branches.map(({ id }) => id)) }, reasons).unproven).toEqual(
    [],
  );
});

it('analytics and reasons are those of the rule that they name', () => {
  const recordWith = (slug: string) => {
    const book = ruleBook(rules, {
      unusable: [],
      bundled: new Set(['made']),
      fields: 'ecs',
      sensorsFor: () => ['ebpf'],
      notes: () => ({
        analytics: new Map([[slug, ['AN0944']]]),
        unproven: new Map([[slug, new Map([['process.name is "cat"', 'no cat writes']])]]),
      }),
    });
    return new RunJudge(book, ['ebpf']).finish(runFacts).rules[0];
  };
  expect(recordWith('made')).toMatchObject({ analytics: ['AN0944'] });
  expect(recordWith('made')?.branches.unproven.at(-1)).toMatchObject({ why: 'no cat writes' });
  expect(recordWith('other')).toMatchObject({ analytics: [] });
  expect(recordWith('other')?.branches.unproven.some(({ why }) => why !== undefined)).toBe(false);
});
