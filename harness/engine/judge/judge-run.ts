// All cases of a run judged together: cases, mitigations against their controls, rules over everything. Pure.

import type { SensorName } from '../../model/event.ts';
import { refersTo } from '../../model/reference.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../../model/run-record.ts';
import { runRecordVersion } from '../../model/run-record.ts';
import { summarize } from '../record/summary.ts';
import type { Firing } from './firing.ts';
import type { JudgedCase } from './judge-case.ts';
import { judgeMitigation } from './judge-mitigation.ts';
import { type RuleBook, whyUnusable } from './rule-book.ts';
import { coverageOf } from './rule-coverage.ts';
import { compareSensors, type SensorComparison } from './sensor-comparison.ts';
import { firedOnAttack, silenceOf } from './silence.ts';

export type RunFacts = RunRecord['run'];

/**
 * Puts judged cases together into the record of their run.
 * @param judged by the same book, controls and treated cases alike
 * @param run facts of the run that recorded them, taken over as they are
 */
export function judgeRun(judged: readonly JudgedCase[], book: RuleBook, run: RunFacts): RunRecord {
  const mitigations = judgeMitigations(judged);
  const cases = judged.flatMap(({ record }) => (record ? [withMitigationVerdict(record, mitigations)] : []));
  const rules = judgeRules(judged, book, run.sensors as SensorName[]);
  return {
    schemaVersion: runRecordVersion,
    run,
    cases,
    mitigations: mitigations.map(({ record }) => record),
    rules,
    summary: summarize(
      cases,
      mitigations.map(({ record }) => record),
      rules,
    ),
  };
}

interface JudgedMitigation {
  caseId: string;
  /** Whether the mitigation says that it stops this atomic; the full matrix also holds it against others. */
  claimed: boolean;
  record: MitigationRecord;
}

const judgeMitigations = (judged: readonly JudgedCase[]): JudgedMitigation[] =>
  judged.flatMap((treated) => {
    const { mitigation, atomic, target, id } = treated.evidence;
    if (!mitigation || !atomic) return [];
    const control = judged.find(
      ({ evidence }) =>
        !evidence.mitigation && evidence.atomic?.guid === atomic.guid && evidence.target === target,
    );
    const claimed = mitigation.stops.some((claim) => refersTo(claim.atomic, atomic));
    return [{ caseId: id, claimed, record: judgeMitigation(treated, mitigation, control) }];
  });

/** A treated case passes when the mitigation does what it claims; where it claims nothing, there is nothing to fail. */
function withMitigationVerdict(record: CaseRecord, mitigations: readonly JudgedMitigation[]): CaseRecord {
  const judged = mitigations.find(({ caseId }) => caseId === record.id);
  if (!judged || record.verdict === 'skip' || record.verdict === 'error') return record;
  const { verdict, reason } = judged.record;
  if (verdict === 'errored') return { ...record, verdict: 'error', reasons: [...record.reasons, reason] };
  if (!judged.claimed || verdict === 'blocks') return record;
  return {
    ...record,
    verdict: 'fail',
    reasons: [`${judged.record.id} ${verdict}: ${reason}`, ...record.reasons],
  };
}

function judgeRules(
  judged: readonly JudgedCase[],
  book: RuleBook,
  sensors: readonly SensorName[],
): RuleRecord[] {
  const coverage = coverageOf(judged, book);
  const comparison = sensors.length > 1 ? compareSensors(judged, book, sensors) : null;
  return [
    ...book.rules.map((rule): RuleRecord => {
      const unavailable = book.unavailable(rule, sensors);
      const silent = unavailable === null ? silenceOf(rule, judged, book) : [];
      return {
        id: rule.id,
        slug: rule.slug,
        title: rule.title,
        language: rule.language,
        file: rule.file,
        bundled: book.bundled.has(rule.slug),
        technique: [...rule.techniques],
        firedIn: judged.filter((one) => firedOnAttack(one, rule.slug)).map(({ evidence }) => evidence.id),
        falsePositives: whereFired(judged, rule.slug, isFalsePositive),
        crossTalk: whereFired(judged, rule.slug, isCrossTalk),
        ...(silent.length > 0 && { silent }),
        matches: matchesOf(judged, rule.slug),
        error: null,
        ...(unavailable !== null && { unavailable }),
        ...(comparison && { sensors: sensorsOf(comparison, rule.slug) }),
        branches: coverage.get(rule.slug) ?? { total: 0, proven: 0, unproven: [] },
      };
    }),
    ...book.unusable.map(
      (rule): RuleRecord => ({
        id: rule.id,
        slug: rule.slug,
        title: rule.title,
        language: rule.language,
        file: rule.file,
        bundled: book.bundled.has(rule.slug),
        technique: [],
        firedIn: [],
        falsePositives: [],
        crossTalk: [],
        matches: [],
        error: whyUnusable(rule),
        branches: { total: 0, proven: 0, unproven: [] },
      }),
    ),
  ];
}

const sensorsOf = (comparison: SensorComparison, slug: string): Record<string, boolean> =>
  Object.fromEntries([...comparison].map(([sensor, fired]) => [sensor, fired.has(slug)]));

/** On the twin's own events. */
const isFalsePositive = ({ owner }: Firing, { evidence }: JudgedCase): boolean =>
  evidence.kind === 'benign' && owner === 'attack';

/**
 * On what nobody's procedure caused, or only together with it. What the harness itself does (prerequisites, mitigation,
 * legitimate use, cleanup) is nobody's noise: no other machine has it.
 */
function isCrossTalk({ owner, events }: Firing, { attribution }: JudgedCase): boolean {
  if (owner !== 'mixed') return owner === 'background';
  const owners = events.map((event) => attribution.ownerOf(event));
  return owners.includes('background') || owners.includes('attack');
}

function whereFired(
  judged: readonly JudgedCase[],
  slug: string,
  isMeant: (firing: Firing, one: JudgedCase) => boolean,
): RuleRecord['falsePositives'] {
  return judged.flatMap((one) => {
    const meant = one.firings.filter((firing) => firing.rule.slug === slug && isMeant(firing, one));
    const eventIds = meant.flatMap(({ events }) => events.map(({ event }) => event.id));
    return eventIds.length > 0 ? [{ case: one.evidence.id, eventIds: [...new Set(eventIds)] }] : [];
  });
}

const matchesOf = (judged: readonly JudgedCase[], slug: string): RuleRecord['matches'] =>
  judged.flatMap(({ evidence, firings }) =>
    firings
      .filter(({ rule }) => rule.slug === slug)
      .map(({ events }) => ({ case: evidence.id, eventIds: events.map(({ event }) => event.id) })),
  );
