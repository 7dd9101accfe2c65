// What in a run is not as expected: the one list that failing tests, annotations and the exit code are made from.

import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../model/run-record.ts';

export interface Finding {
  readonly about: 'case' | 'rule';
  /** Case id or rule slug. */
  readonly id: string;
  readonly severity: Severity;
  readonly reasons: readonly string[];
  /** The content that the reader will open: the atomic's file, the rule's file. */
  readonly file: string;
}

/**
 * `fail`: an expectation does not hold. `error`: the harness could not tell. `unusable`: a rule that cannot be judged.
 * `noise`: a rule also fired on what is no attack; told, but nobody expected otherwise (a benign twin does: it fails).
 */
export type Severity = 'fail' | 'error' | 'unusable' | 'noise';

/** All findings of a record: cases in their order, then rules. A mitigation that fails has its treated case fail. */
export const findingsOf = (record: RunRecord): Finding[] => [
  ...record.cases.flatMap((each) => caseFinding(each, mitigationOf(each, record))),
  ...record.rules.flatMap(ruleFinding),
];

/** The judged pair that a treated case belongs to. */
export const mitigationOf = (treated: CaseRecord, { mitigations }: RunRecord): MitigationRecord | undefined =>
  mitigations.find((pair) => isTreatedBy(treated, pair));

/** Whether a case is the one that shows what a mitigation does to an atomic. */
export const isTreatedBy = (
  { atomic, target, mitigation }: CaseRecord,
  pair: Pick<MitigationRecord, 'id' | 'target' | 'atomic'>,
): boolean => pair.id === mitigation && pair.target === target && pair.atomic === atomic.slug;

function caseFinding(
  { id, verdict, reasons, atomic }: CaseRecord,
  mitigation: MitigationRecord | undefined,
): Finding[] {
  if (verdict === 'pass' || verdict === 'skip') return [];
  // An errored case says nothing about legitimate use: it was not tried.
  const broken = (verdict === 'fail' ? (mitigation?.legitimate ?? []) : [])
    .filter(({ works }) => !works)
    .map(({ name, detail }) => `no longer works: ${name} (${detail})`);
  return [{ about: 'case', id, severity: verdict, reasons: [...reasons, ...broken], file: atomic.source }];
}

function ruleFinding({ slug, file, error, falsePositives }: RuleRecord): Finding[] {
  const finding = { about: 'rule', id: slug, file } as const;
  if (error !== null) return [{ ...finding, severity: 'unusable', reasons: [error] }];
  if (falsePositives.length === 0) return [];
  const reasons = falsePositives.map(
    ({ case: where, eventIds }) => `fired in ${where} on what is no attack: ${eventIds.join(', ')}`,
  );
  return [{ ...finding, severity: 'noise', reasons }];
}
