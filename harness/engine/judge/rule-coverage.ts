// Which branches of each rule some atomic or benign twin has proven, as code coverage does for code.

import { formatPlace } from '../../model/place.ts';
import type { RuleRecord } from '../../model/run-record.ts';
import type { BranchCoverage, RuleCoverage } from '../../rules/index.ts';
import type { JudgedCase } from './judged-case.ts';

/**
 * Takes what a case proves: alternatives are proven by an attack's own events, exclusions by any event that nothing else
 * kept from the rule.
 */
export function cover(coverage: RuleCoverage, { ruled, matches, evidence }: JudgedCase): void {
  for (const event of ruled.events) coverage.seen(event);
  if (evidence.kind !== 'attack') return;
  for (const { rule, owner, events: matched } of matches) {
    if (owner === 'attack') coverage.matched(rule, matched);
  }
}

/** @param reasons why branches are there that no run proves, by their words */
export const branchRecord = (
  { branches, proven }: BranchCoverage,
  reasons: ReadonlyMap<string, string> = new Map(),
): RuleRecord['branches'] => ({
  total: branches.length,
  proven: proven.size,
  unproven: branches
    .filter(({ id }) => !proven.has(id))
    .map(({ text, kind, place }) => {
      const why = reasons.get(text);
      return { branch: text, kind, place: formatPlace(place), ...(why !== undefined && { why }) };
    }),
});
