// A RunRecord from its parts: what it counts is counted here, whoever puts the parts together.

import { hasFired, isUnseen, isUntreatedExecution } from './fired.ts';
import { hardeningOf } from './hardening.ts';
import { type RunRecord, runRecordVersion } from './run-record.ts';
import { summarizeVariants } from './variant-summary.ts';

type Parts = Pick<RunRecord, 'run' | 'cases' | 'mitigations' | 'rules'> &
  Partial<Pick<RunRecord, 'robustness'>>;

/**
 * The record of a run, or of runs that were put together.
 * @param parts in their final order
 */
export const recordOf = ({ run, cases, mitigations, rules, robustness = [] }: Parts): RunRecord => ({
  schemaVersion: runRecordVersion,
  run,
  cases,
  mitigations,
  ...(mitigations.length > 0 && { hardening: hardeningOf(mitigations) }),
  rules,
  robustness,
  summary: summarize(cases, mitigations, rules),
});

/** The counts of a record. */
export function summarize(
  cases: RunRecord['cases'],
  mitigations: RunRecord['mitigations'],
  rules: RunRecord['rules'],
): RunRecord['summary'] {
  const verdicts = count(cases.map(({ verdict }) => verdict));
  const outcomes = count(cases.flatMap(({ detections }) => detections.map(({ outcome }) => outcome)));
  const executed = cases.filter(isUntreatedExecution);
  const unseen = executed.filter(isUnseen).map(({ id }) => id);
  const variants = summarizeVariants(cases);
  return {
    cases: {
      pass: verdicts.pass ?? 0,
      fail: verdicts.fail ?? 0,
      error: verdicts.error ?? 0,
      skip: verdicts.skip ?? 0,
    },
    observations: count(cases.flatMap(({ observation }) => observation ?? [])),
    detections: {
      detected: outcomes.detected ?? 0,
      missed: outcomes.missed ?? 0,
      unexpected: outcomes.unexpected ?? 0,
      evaded: outcomes.evaded ?? 0,
    },
    attacks: { executed: executed.length, seen: executed.length - unseen.length, unseen },
    ...(variants && { variants }),
    mitigations: count(mitigations.map(({ verdict }) => verdict)),
    rules: {
      total: rules.length,
      fired: rules.filter(hasFired).length,
      falsePositives: rules.filter(({ falsePositives }) => falsePositives.length > 0).length,
      crossTalk: rules.filter(({ crossTalk }) => crossTalk.length > 0).length,
      silent: rules.filter(({ silent = [] }) => silent.length > 0).length,
      unusable: rules.filter(({ error }) => error !== null).length,
    },
  };
}

function count(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
