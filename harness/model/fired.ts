// What counts as having fired: one definition for records, reports and comparisons.

import type { RuleRecord } from './run-record.ts';

/** Whether a rule is credited: with an attack on whose own events it fired; without cases, with any match. */
export const hasFired = (rule: Pick<RuleRecord, 'firedIn' | 'matches'>): boolean =>
  rule.firedIn.length > 0 || bareMatches(rule) > 0;

/** How often it matched in a bare file of events, which has no cases and so nobody to credit. */
export const bareMatches = ({ matches }: Pick<RuleRecord, 'matches'>): number =>
  matches.filter((match) => match.case === undefined).length;
