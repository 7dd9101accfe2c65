// The counts of a RunRecord.

import { hasFired } from '../../model/fired.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../../model/run-record.ts';

export function summarize(
  cases: readonly CaseRecord[],
  mitigations: readonly MitigationRecord[],
  rules: readonly RuleRecord[],
): RunRecord['summary'] {
  const verdicts = count(cases.map(({ verdict }) => verdict));
  const outcomes = count(cases.flatMap(({ detections }) => detections.map(({ outcome }) => outcome)));
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
    mitigations: count(mitigations.map(({ verdict }) => verdict)),
    rules: {
      total: rules.length,
      fired: rules.filter(hasFired).length,
      falsePositives: rules.filter(({ falsePositives }) => falsePositives.length > 0).length,
      crossTalk: rules.filter(({ crossTalk = [] }) => crossTalk.length > 0).length,
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
