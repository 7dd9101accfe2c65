// One attack as it was run and judged: what matchers are asked about.

import type { CaseMisses } from '../main/case-misses.ts';
import { caseKeyOf, controlOf, formatCaseKey } from '../model/case-key.ts';
import type { Problem } from '../model/errors.ts';
import type { CaseRecord, MitigationRecord, RunRecord } from '../model/run-record.ts';

/** What a detonation is made of. */
interface Parts {
  readonly record: RunRecord;
  readonly of: CaseRecord;
  readonly misses: CaseMisses | null;
  readonly problems: readonly Problem[];
}

export class Detonation {
  /** What it did, and what saw it; under a mitigation, where it was run under one. */
  readonly case: CaseRecord;
  /** The same without mitigations, where `case` is under one; null where `case` is without, or there is none. */
  readonly control: CaseRecord | null;
  /** What this attack was held against on this target: one record for each mitigation. */
  readonly mitigations: readonly MitigationRecord[];
  /** The run that it is part of. */
  readonly record: RunRecord;
  /** What of the content could not be used: a rule that was not judged may be among it. */
  readonly problems: readonly Problem[];
  readonly #misses: CaseMisses | null;

  constructor({ record, of, misses, problems }: Parts) {
    const control = controlIdOf(of);
    const controls = new Set(record.cases.filter((one) => controlIdOf(one) === control).map(({ id }) => id));
    this.case = of;
    this.control = of.id === control ? null : (record.cases.find(({ id }) => id === control) ?? null);
    this.mitigations = record.mitigations.filter((pair) => controls.has(pair.case));
    this.record = record;
    this.problems = problems;
    this.#misses = misses;
  }

  /**
   * For a rule that did not fire: the event of this attack that came closest, and the test that failed on it at
   * file:line:column.
   * @param rule its slug
   */
  nearMiss(rule: string): string {
    return this.#misses?.missOf(rule).text ?? 'its events are not there to look at';
  }

  /** Near misses of all rules that could have fired, the closest first. */
  nearMisses(): { readonly rule: string; readonly text: string }[] {
    return this.#misses?.closest().map(({ rule, text }) => ({ rule, text })) ?? [];
  }
}

const controlIdOf = (one: CaseRecord): string => formatCaseKey(controlOf(caseKeyOf(one)));
