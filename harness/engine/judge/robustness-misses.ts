// What kept rules from variants, noted while their events are at hand.

import type { SensorName } from '../../model/event.ts';
import { isUntreatedExecution } from '../../model/fired.ts';
import type { JudgedCase } from './judged-case.ts';
import { nearestMiss } from './nearest-miss.ts';
import { baseNameOf } from './robustness.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * For each executed variant the rules that see its base and not it, with the event that came closest. A base may come after
 * its variants: until then any rule that is silent on them could be one of those.
 */
export class RobustnessMisses {
  readonly #book: RuleBook;
  /** Rules that this run feeds. */
  readonly #fed: readonly string[];
  /** Base → rules that see it. */
  readonly #seen = new Map<string, readonly string[]>();
  /** Base → variant → rule → what kept it. */
  readonly #misses = new Map<string, Map<string, Map<string, string>>>();

  constructor(book: RuleBook, sensors: readonly SensorName[]) {
    this.#book = book;
    this.#fed = book.rules.filter((rule) => book.unavailable(rule, sensors) === null).map(({ slug }) => slug);
  }

  add(judged: JudgedCase): void {
    if (judged.record === null || !isUntreatedExecution(judged.record)) return;
    const { record } = judged;
    const base = baseNameOf(record);
    if (record.variant === null) {
      this.#seen.set(base, record.seenBy);
      for (const misses of this.#misses.get(base)?.values() ?? []) {
        for (const rule of misses.keys()) if (!record.seenBy.includes(rule)) misses.delete(rule);
      }
      return;
    }
    const silent = (this.#seen.get(base) ?? this.#fed).filter((rule) => !record.seenBy.includes(rule));
    const misses = new Map(silent.map((rule) => [rule, nearestMiss(judged, rule, this.#book)]));
    const known = this.#misses.get(base) ?? new Map<string, Map<string, string>>();
    this.#misses.set(base, known.set(record.id, misses));
  }

  /** undefined where the rule saw the variant, or does not see its base. */
  why(rule: string, variant: string): string | undefined {
    for (const variants of this.#misses.values()) {
      const found = variants.get(variant)?.get(rule);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
