// Reads records of earlier versions as if they were written today: what they put together is taken apart.

import type { RuleRecord, RunRecord } from '../../model/run-record.ts';
import { summarize } from './summary.ts';

/**
 * Records without `crossTalk` have everything under falsePositives that is no attack's own. What stands there of a benign
 * twin on which the rule was credited is a false positive; the rest is cross-talk.
 */
export function upToDate(record: RunRecord): RunRecord {
  const { cases, mitigations } = record;
  if (record.rules.every(({ crossTalk }) => crossTalk !== undefined)) return record;
  const rules = record.rules.map((rule) => withCrossTalk(rule, cases));
  return { ...record, rules, summary: summarize(cases, mitigations, rules) };
}

function withCrossTalk(rule: RuleRecord, cases: RunRecord['cases']): RuleRecord {
  if (rule.crossTalk !== undefined) return rule;
  const twins = new Set(
    cases
      .filter(
        ({ kind, detections }) => kind === 'benign' && detections.some((each) => isCredited(each, rule)),
      )
      .map(({ id }) => id),
  );
  return {
    ...rule,
    falsePositives: rule.falsePositives.filter((each) => twins.has(each.case)),
    crossTalk: rule.falsePositives.filter((each) => !twins.has(each.case)),
  };
}

const isCredited = (
  { rule, attributed }: RunRecord['cases'][number]['detections'][number],
  { slug }: RuleRecord,
): boolean => attributed && rule === slug;
