// The counts of a run, made from its parts: a merged record gets them the same way as a fresh one.

import type { CaseRecord, RunRecord } from '../model/run-record.ts';

/** Counts cases by verdict and observation, detections by outcome, mitigations by verdict, rules by use. */
export function summarize({
  cases,
  mitigations,
  rules,
}: Pick<RunRecord, 'cases' | 'mitigations' | 'rules'>): RunRecord['summary'] {
  const verdicts = countBy(cases, ({ verdict }) => verdict);
  const outcomes = countBy(
    cases.flatMap(({ detections }) => detections),
    ({ outcome }) => outcome,
  );
  return {
    cases: {
      pass: verdicts.pass ?? 0,
      fail: verdicts.fail ?? 0,
      error: verdicts.error ?? 0,
      skip: verdicts.skip ?? 0,
    },
    observations: countBy(cases.filter(wasObserved), ({ observation }) => observation),
    detections: {
      detected: outcomes.detected ?? 0,
      missed: outcomes.missed ?? 0,
      unexpected: outcomes.unexpected ?? 0,
      evaded: outcomes.evaded ?? 0,
    },
    mitigations: countBy(mitigations, ({ verdict }) => verdict),
    rules: {
      total: rules.length,
      fired: rules.filter(({ firedIn, matches }) => firedIn.length > 0 || matches.length > 0).length,
      falsePositives: rules.filter(({ falsePositives }) => falsePositives.length > 0).length,
      unusable: rules.filter(({ error }) => error !== null).length,
    },
  };
}

const wasObserved = (
  each: CaseRecord,
): each is CaseRecord & { observation: NonNullable<CaseRecord['observation']> } => each.observation !== null;

function countBy<T, K extends string>(items: readonly T[], key: (item: T) => K): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
