// Which branches of each rule some atomic or benign twin has proven, as code coverage does for code.

import { formatPlace } from '../../model/place.ts';
import type { RuleRecord } from '../../model/run-record.ts';
import { type BranchCoverage, RuleCoverage } from '../../rules/index.ts';
import type { JudgedCase } from './judge-case.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * Coverage over all cases, by slug: alternatives are proven by an attack's own events, exclusions by any event that
 * nothing else kept from the rule.
 */
export function coverageOf(
  judged: readonly JudgedCase[],
  { rules, set }: RuleBook,
): ReadonlyMap<string, RuleRecord['branches']> {
  const coverage = new RuleCoverage(rules, set);
  for (const { ruled, firings, evidence } of judged) {
    for (const event of ruled.events) coverage.seen(event);
    if (evidence.kind !== 'attack') continue;
    for (const { rule, owner, events: matched } of firings) {
      if (owner === 'attack') coverage.matched(rule, matched);
    }
  }
  return new Map(rules.map((rule) => [rule.slug, branchRecord(coverage.of(rule))]));
}

export const branchRecord = ({ branches, proven }: BranchCoverage): RuleRecord['branches'] => ({
  total: branches.length,
  proven: proven.size,
  unproven: branches
    .filter(({ id }) => !proven.has(id))
    .map(({ text, kind, place }) => ({ branch: text, kind, place: formatPlace(place) })),
});
