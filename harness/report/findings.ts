// What in a run is not as expected: the one list that failing tests, annotations and the exit code are made from.

import type { CaseRecord, GateRecord, MitigationRecord, RuleRecord, RunRecord } from '../model/run-record.ts';
import { someNames } from '../model/some-names.ts';
import { gateResult, gateText } from './gates.ts';
import { placeIn, placeWithin, type TextPlace } from './place.ts';

export interface Finding {
  readonly about: 'case' | 'rule' | 'gate';
  /** Case id or rule slug; of a gate its name, and before the other two. */
  readonly id: string;
  readonly severity: Severity;
  readonly what: What;
  readonly reasons: readonly string[];
  /** What the reader will open: the rule's line where a reason names one, else the atomic's file or the rule's. */
  readonly place: TextPlace;
  /** Whether that file is atomclock's own: nothing in the user's repository. */
  readonly bundled: boolean;
}

/**
 * `fail`: an expectation does not hold. `error`: the harness could not tell. `unusable`: a rule that cannot be judged.
 * `noise`: a rule also fired on what is no attack; told, but nobody expected otherwise (a benign twin does: it fails).
 */
export type Severity = 'fail' | 'error' | 'unusable' | 'noise';

/** `silent`: a rule of the user saw no attack of a technique that it names. The others are as their severity says. */
export type What =
  | 'expectation'
  | 'silent'
  | 'false-positive'
  | 'errored'
  | 'unusable'
  | 'cross-talk'
  /** A gate that was required is not met; one finding for each that keeps it from that. */
  | 'gate';

/** All findings of a record: cases in their order, then rules. A mitigation that fails has its treated case fail. */
export const findingsOf = (record: RunRecord): Finding[] => [
  ...record.cases.flatMap((each) => caseFinding(each, record)),
  ...record.rules.flatMap((rule) => ruleFindings(rule, record)),
  ...(record.gates ?? []).filter(({ met }) => !met).flatMap((gate) => gateFindings(gate, record)),
];

function gateFindings(gate: GateRecord, record: RunRecord): Finding[] {
  const reason = `required ${gateText(gate)}: ${gateResult(gate)}`;
  const finding = (
    id: string,
    reasons: readonly string[],
    at: Pick<Finding, 'place' | 'bundled'>,
  ): Finding => ({
    ...{ about: 'gate', id, severity: 'fail', what: 'gate', reasons, ...at },
  });
  if (gate.offenders.length === 0) {
    return [finding(gate.gate, [reason], { place: { file: 'run.json' }, bundled: false })];
  }
  return gate.offenders.map(({ about, id, why, place }) => {
    const { file = 'run.json', bundled = false } =
      about === 'rule'
        ? (record.rules.find(({ slug }) => slug === id) ?? {})
        : bySource(record.cases.find((one) => one.id === id));
    return finding(`${gate.gate} ${id}`, [why, reason], {
      place: place === null ? { file } : placeIn(place, file),
      bundled,
    });
  });
}

const bySource = (one: CaseRecord | undefined) =>
  one ? { file: one.atomic.source, bundled: one.atomic.bundled ?? false } : {};

/** The judged pair that a treated case belongs to. */
export const mitigationOf = (treated: CaseRecord, { mitigations }: RunRecord): MitigationRecord | undefined =>
  mitigations.find((pair) => pair.case === treated.id);

function caseFinding(each: CaseRecord, record: RunRecord): Finding[] {
  const { id, verdict } = each;
  if (verdict === 'pass' || verdict === 'skip') return [];
  // An errored case says nothing about legitimate use: it was not tried.
  const broken = (verdict === 'fail' ? (mitigationOf(each, record)?.legitimate ?? []) : [])
    .filter(({ works, unknown }) => !works && unknown !== true)
    .map(({ name, detail }) => `no longer works: ${name} (${detail})`);
  return [
    {
      about: 'case',
      id,
      severity: verdict,
      what: verdict === 'error' ? 'errored' : 'expectation',
      reasons: [...each.reasons, ...broken],
      ...culpritOf(each, record),
    },
  ];
}

/** The line of a rule that the case's reasons name; the rule that fired on a benign twin; else the atomic's file. */
function culpritOf(
  { atomic, kind, reasons, detections }: CaseRecord,
  { rules }: RunRecord,
): Pick<Finding, 'place' | 'bundled'> {
  const own = rules.filter(
    ({ slug, bundled }) => bundled !== true && detections.some(({ rule }) => rule === slug),
  );
  const named = reasons.flatMap((reason) => own.flatMap(({ file }) => placeWithin(reason, file) ?? []))[0];
  if (named) return { place: named, bundled: false };
  const noisy =
    kind === 'benign'
      ? own.find(({ slug }) => detections.some(({ rule, attributed }) => attributed && rule === slug))
      : undefined;
  return noisy
    ? { place: { file: noisy.file }, bundled: false }
    : { place: { file: atomic.source }, bundled: atomic.bundled ?? false };
}

function ruleFindings(rule: RuleRecord, { robustness }: RunRecord): Finding[] {
  const { slug, file, bundled = false, error, falsePositives, crossTalk, silent = [] } = rule;
  const finding = (severity: Severity, what: What, reasons: readonly string[]): Finding[] =>
    reasons.length === 0
      ? []
      : [
          {
            about: 'rule',
            id: slug,
            severity,
            what,
            reasons,
            place: reasons.flatMap((reason) => placeWithin(reason, file) ?? [])[0] ?? { file },
            bundled,
          },
        ];
  if (error !== null) return finding('unusable', 'unusable', [error]);
  return [
    ...finding(
      'fail',
      'silent',
      silent.map(
        ({ technique, attacks, nearest }) =>
          `it names ${technique} and fired on none of the executed attacks of it (${someOf(attacks)}); closest in ${nearest.case}: ${nearest.text}`,
      ),
    ),
    ...finding(
      'fail',
      'false-positive',
      falsePositives.map(
        ({ case: where, eventIds }) => `fired on the benign twin ${where}: ${eventIds.join(', ')}`,
      ),
    ),
    ...finding(
      'fail',
      'expectation',
      robustness
        .filter((row) => row.rule === slug)
        .flatMap(({ outdated = [] }) => outdated)
        .map(
          ({ axis, value }) =>
            `it sees every variant with ${axis}=${value} although its miss is documented: the documentation is wrong`,
        ),
    ),
    ...finding(
      'noise',
      'cross-talk',
      crossTalk.map(
        ({ case: where, eventIds }) =>
          `cross-talk: fired in ${where} on what is no attack: ${someOf(eventIds)}`,
      ),
    ),
  ];
}

const someOf = (names: readonly string[]): string => someNames(names, 6);
