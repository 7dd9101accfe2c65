// A run judged case by case: each is added as soon as it is known, and its events are let go. Pure.

import { caseKeyOf, controlOf, formatCaseKey } from '../../model/case-key.ts';
import type { SensorName } from '../../model/event.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../../model/run-record.ts';
import { recordOf } from '../../model/run-summary.ts';
import { RuleCoverage } from '../../rules/index.ts';
import {
  type Control,
  controlFrom,
  judgeMitigation,
  type MitigationJudgement,
  type Treatment,
  treatmentOf,
} from './judge-mitigation.ts';
import type { JudgedCase } from './judged-case.ts';
import type { UseResult } from './mitigation-uses.ts';
import { inPlace, type Placed } from './placed.ts';
import { robustnessOf } from './robustness.ts';
import { claimedLevel } from './robustness-levels.ts';
import { RobustnessMisses } from './robustness-misses.ts';
import { type RuleBook, whyUnusable } from './rule-book.ts';
import { branchRecord, cover } from './rule-coverage.ts';
import { RuleFindings } from './rule-findings.ts';
import { SensorComparison } from './sensor-comparison.ts';
import { Silences } from './silence.ts';

export type RunFacts = RunRecord['run'];

/**
 * Cases → the record of their run. What is kept of a case is its record, and of each rule where it fired: memory does not
 * grow with the events. The record is the same in whatever order the cases come.
 */
export class RunJudge {
  readonly #book: RuleBook;
  readonly #sensors: readonly SensorName[];
  readonly #cases: Placed<CaseRecord>[] = [];
  readonly #mitigations: Placed<MitigationRecord>[] = [];
  readonly #controls = new Map<string, Control>();
  /** What was tried under mitigations, by the case in which it was. */
  readonly #uses = new Map<string, readonly UseResult[]>();
  /** By the name of the case that they wait for: their control, or where legitimate use is tried. */
  readonly #waiting = new Map<string, Treated[]>();
  readonly #findings = new RuleFindings();
  readonly #coverage: RuleCoverage;
  readonly #comparison: SensorComparison;
  readonly #silences: Silences;
  readonly #misses: RobustnessMisses;

  /**
   * @param book the rules that every case is judged by
   * @param sensors those of the run
   */
  constructor(book: RuleBook, sensors: readonly SensorName[]) {
    this.#book = book;
    this.#sensors = sensors;
    this.#coverage = new RuleCoverage(book.rules, book.set);
    this.#comparison = new SensorComparison(book, sensors);
    this.#silences = new Silences(book, sensors);
    this.#misses = new RobustnessMisses(book, sensors);
  }

  /**
   * Takes a case over.
   * @param at its place in the run; no two cases have the same
   * @returns the cases whose verdict is final now: this one, and those that waited for it, as their control or because
   *   legitimate use was tried in it. A treated case that still waits is none of them; the idle control never is
   */
  add(judged: JudgedCase, at: number): CaseRecord[] {
    this.#findings.add(judged, at);
    cover(this.#coverage, judged);
    this.#comparison.add(judged);
    this.#silences.add(judged, at);
    this.#misses.add(judged);
    if (judged.record === null) return [];
    const { record } = judged;
    const name = controlNameOf(record);
    const treatment = treatmentOf(judged);
    if (!treatment) {
      this.#controls.set(name, controlFrom(judged));
      this.#cases.push({ at, what: record });
      return [record, ...this.#wake(name)];
    }
    if (treatment.uses !== null) this.#uses.set(record.id, treatment.uses);
    const own = this.#settleOrWait({ at, record, treatment });
    return treatment.uses === null ? own : [...own, ...this.#wake(record.id)];
  }

  /**
   * Puts everything together; nothing can be added afterwards.
   * @param run facts of the run that recorded the cases, taken over as they are
   */
  finish(run: RunFacts): RunRecord {
    for (const treated of [...this.#waiting.values()].flat()) this.#settle(treated);
    this.#waiting.clear();
    const cases = inPlace(this.#cases);
    const mitigations = inPlace(this.#mitigations);
    const rules = [...this.#book.rules.map((rule) => this.#ruleRecord(rule)), ...this.#unusable()];
    const robustness = robustnessOf(cases, {
      rules: this.#book.rules.map(({ slug }) => slug),
      claimed: (slug) => this.#claimed(slug),
      why: (rule, variant) => this.#misses.why(rule, variant),
      evasions: (rule) =>
        this.#book.bundled.has(rule) ? (this.#book.notes.evasions?.get(rule) ?? []) : undefined,
    });
    return recordOf({ run, cases, mitigations, rules, robustness });
  }

  #claimed(slug: string): string | null {
    const { rules } = this.#book;
    const rule = rules.find((one) => one.slug === slug);
    return rule ? claimedLevel(rule, rules) : null;
  }

  /** Those that waited for a case of this name; some of them may wait for another now. */
  #wake(name: string): CaseRecord[] {
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    return waiting.flatMap((treated) => this.#settleOrWait(treated));
  }

  #settleOrWait(treated: Treated): CaseRecord[] {
    const control = controlNameOf(treated.record);
    const { triedIn } = treated.treatment;
    const awaited = !this.#controls.has(control)
      ? control
      : triedIn !== null && !this.#uses.has(triedIn)
        ? triedIn
        : null;
    if (awaited === null) return [this.#settle(treated)];
    this.#waiting.set(awaited, [...(this.#waiting.get(awaited) ?? []), treated]);
    return [];
  }

  #settle({ at, record, treatment }: Treated): CaseRecord {
    const control = this.#controls.get(controlNameOf(record));
    const judgement = judgeMitigation(treatment, control, this.#uses.get(treatment.triedIn ?? ''));
    const settled = withMitigationVerdict(record, judgement);
    this.#mitigations.push({ at, what: judgement.record });
    this.#cases.push({ at, what: settled });
    return settled;
  }

  #ruleRecord(rule: RuleBook['rules'][number]): RuleRecord {
    const { firedIn, falsePositives, crossTalk, matches } = this.#findings.of(rule.slug);
    const unavailable = this.#book.unavailable(rule, this.#sensors);
    const silent = this.#silences.of(rule);
    const sensors = this.#comparison.of(rule.slug);
    return {
      id: rule.id,
      slug: rule.slug,
      title: rule.title,
      language: rule.language,
      file: rule.file,
      bundled: this.#book.bundled.has(rule.slug),
      technique: [...rule.techniques],
      analytics: [...(this.#book.notes.analytics.get(rule.slug) ?? [])],
      firedIn,
      falsePositives,
      crossTalk,
      ...(silent.length > 0 && { silent }),
      matches,
      error: null,
      ...(unavailable !== null && { unavailable }),
      ...(sensors && { sensors }),
      branches: branchRecord(this.#coverage.of(rule), this.#book.notes.unproven.get(rule.slug)),
    };
  }

  #unusable(): RuleRecord[] {
    return this.#book.unusable.map((rule) => ({
      id: rule.id,
      slug: rule.slug,
      title: rule.title,
      language: rule.language,
      file: rule.file,
      bundled: this.#book.bundled.has(rule.slug),
      technique: [],
      analytics: [],
      firedIn: [],
      falsePositives: [],
      crossTalk: [],
      matches: [],
      error: whyUnusable(rule),
      branches: { total: 0, proven: 0, unproven: [] },
    }));
  }
}

/** A treated case until its control is in. */
interface Treated {
  readonly at: number;
  readonly record: CaseRecord;
  readonly treatment: Treatment;
}

/** What its control is called. */
const controlNameOf = (record: CaseRecord): string => formatCaseKey(controlOf(caseKeyOf(record)));

/** A treated case passes when all is as its mitigations say; where they say nothing, there is nothing to fail. */
function withMitigationVerdict(
  record: CaseRecord,
  { record: { id, verdict, reason }, isAsDeclared }: MitigationJudgement,
): CaseRecord {
  if (record.verdict === 'skip' || record.verdict === 'error') return record;
  if (verdict === 'errored') return { ...record, verdict: 'error', reasons: [...record.reasons, reason] };
  if (isAsDeclared) return record;
  return { ...record, verdict: 'fail', reasons: [`${id} ${verdict}: ${reason}`, ...record.reasons] };
}
