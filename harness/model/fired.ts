// What counts as having fired, and as unseen: one definition for records, reports and comparisons.

import type { CaseRecord, RuleRecord } from './run-record.ts';

/** Whether a rule is credited: with an attack on whose own events it fired; without cases, with any match. */
export const hasFired = (rule: Pick<RuleRecord, 'firedIn' | 'matches'>): boolean =>
  rule.firedIn.length > 0 || bareMatches(rule) > 0;

/** How often it matched in a bare file of events, which has no cases and so nobody to credit. */
export const bareMatches = ({ matches }: Pick<RuleRecord, 'matches'>): number =>
  matches.filter((match) => match.case === undefined).length;

/** The rules that fired on a case's own events, expected or not. */
export const seenByOf = ({ detections }: Pick<CaseRecord, 'detections'>): string[] =>
  detections.filter(({ attributed }) => attributed).map(({ rule }) => rule);

/** An attack that a scheduler launched, and nobody tried to stop: what rules are there to see. */
export const isUntreatedExecution = ({
  kind,
  mitigation,
  observation,
}: Pick<CaseRecord, 'kind' | 'mitigation' | 'observation'>): boolean =>
  kind === 'attack' && mitigation === null && observation === 'executed';

/** Such an attack of which no rule saw anything. */
export const isUnseen = (each: CaseRecord): boolean => isUntreatedExecution(each) && each.seenBy.length === 0;
