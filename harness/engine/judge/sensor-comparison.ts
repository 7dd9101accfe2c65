// Which rules fire on one sensor's events alone: what telemetry a rule needs.

import type { SensorName } from '../../model/event.ts';
import type { JudgedCase } from './judged-case.ts';
import { matchRules } from './matches.ts';
import type { RuleBook } from './rule-book.ts';

/** Grows with every case; where a run had one sensor only, there is nothing to compare. */
export class SensorComparison {
  readonly #fired: ReadonlyMap<SensorName, Set<string>>;
  readonly #book: RuleBook;

  constructor(book: RuleBook, sensors: readonly SensorName[]) {
    this.#book = book;
    this.#fired = new Map(sensors.length > 1 ? sensors.map((sensor) => [sensor, new Set()]) : []);
  }

  /** Takes an attack: which rules fire on its own events of each sensor. */
  add({ evidence, ruled, attribution }: JudgedCase): void {
    if (evidence.kind !== 'attack' || evidence.skipped) return;
    for (const [sensor, fired] of this.#fired) {
      const seen = ruled.events.filter(({ atomclock }) => atomclock.sensor === sensor);
      for (const { rule, owner } of matchRules(this.#book.set, seen, attribution).matches) {
        if (owner === 'attack') fired.add(rule.slug);
      }
    }
  }

  /** Sensor → whether the rule fires on its events alone; undefined where nothing was compared. */
  of(slug: string): Record<string, boolean> | undefined {
    if (this.#fired.size === 0) return undefined;
    return Object.fromEntries([...this.#fired].map(([sensor, fired]) => [sensor, fired.has(slug)]));
  }
}
