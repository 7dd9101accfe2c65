// What in a run is not as expected: the one list that failing tests, annotations and the exit code are made from.

import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../model/run-record.ts';

export interface Finding {
  readonly about: 'case' | 'mitigation' | 'rule';
  /** Case id, `mitigation@target` with its atomic, or rule slug. */
  readonly id: string;
  /** `fail`: an expectation does not hold. `error`: the harness could not tell. `unusable`: a rule cannot be judged. */
  readonly severity: 'fail' | 'error' | 'unusable';
  readonly reasons: readonly string[];
  /** The content that the reader will open: the atomic's file, the rule's file. */
  readonly file: string | null;
}

/** All findings of a record: cases in their order, then mitigations, then rules. */
export const findingsOf = (record: RunRecord): Finding[] => [
  ...record.cases.flatMap(caseFinding),
  ...record.mitigations.flatMap((mitigation) => mitigationFinding(mitigation, record)),
  ...record.rules.flatMap(ruleFinding),
];

/** Names a judged pair: `at-allow@debian12 against at-stdin`. */
export const mitigationName = ({ id, target, atomic }: MitigationRecord): string =>
  `${id}@${target} against ${atomic}`;

function caseFinding({ id, verdict, reasons, detections, atomic }: CaseRecord): Finding[] {
  if (verdict === 'pass' || verdict === 'skip') return [];
  const nearest = detections.flatMap(({ rule, outcome, nearest }) =>
    outcome === 'missed' && nearest ? [`${rule} came closest on ${nearest}`] : [],
  );
  return [
    {
      about: 'case',
      id,
      severity: verdict,
      // A judge that already said what came closest is not repeated.
      reasons: [...reasons, ...nearest.filter((line) => !reasons.some((reason) => reason.includes(line)))],
      file: atomic.source,
    },
  ];
}

/** A pair whose treated case failed has its finding already. */
function mitigationFinding(mitigation: MitigationRecord, { cases }: RunRecord): Finding[] {
  const treated = cases.find(
    ({ atomic, target, mitigation: applied }) =>
      atomic.slug === mitigation.atomic && target === mitigation.target && applied === mitigation.id,
  );
  if (mitigation.verdict === 'blocks' || treated?.verdict === 'fail' || treated?.verdict === 'error')
    return [];
  const broken = mitigation.legitimate.filter(({ works }) => !works);
  return [
    {
      about: 'mitigation',
      id: mitigationName(mitigation),
      severity: mitigation.verdict === 'errored' ? 'error' : 'fail',
      reasons: [
        `${mitigation.verdict}: ${mitigation.reason}`,
        ...broken.map(({ name, detail }) => `no longer works: ${name} (${detail})`),
      ],
      file: null,
    },
  ];
}

function ruleFinding({ slug, file, error, falsePositives }: RuleRecord): Finding[] {
  if (error !== null) return [{ about: 'rule', id: slug, severity: 'unusable', reasons: [error], file }];
  if (falsePositives.length === 0) return [];
  const reasons = falsePositives.map(
    ({ case: where, eventIds }) => `fired in ${where} on what is no attack: ${eventIds.join(', ')}`,
  );
  return [{ about: 'rule', id: slug, severity: 'fail', reasons, file }];
}
