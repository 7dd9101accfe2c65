// Which event categories a stream has: an EQL rule that needs another cannot have matched.

import type { UnfedSource } from './fed-sources.ts';
import { fieldReader } from './match/field.ts';
import type { Query, Rule } from './rule.ts';

/** Takes every event of a stream; tells in the end which categories no event of it had. */
export class FedCategories {
  readonly #rulesBy: ReadonlyMap<string, readonly Rule[]>;
  readonly #missing: Set<string>;
  readonly #had = new Set<string>();

  constructor(rules: readonly Rule[]) {
    const needs = rules
      .filter(({ language }) => language === 'eql')
      .flatMap((rule) => neededBy(rule.query).map((category) => ({ category, rule })));
    const rulesBy = Map.groupBy(needs, ({ category }) => category);
    this.#rulesBy = new Map([...rulesBy].map(([category, of]) => [category, of.map(({ rule }) => rule)]));
    this.#missing = new Set(rulesBy.keys());
  }

  seen(event: object): void {
    if (this.#missing.size === 0) return;
    const categories = readCategory(event);
    if (Array.isArray(categories)) for (const category of categories) this.#has(category);
    else this.#has(categories);
  }

  #has(category: unknown): void {
    // Most events are of a category that others were of.
    if (category === undefined || this.#had.has(category as string)) return;
    this.#missing.delete(String(category));
    if (this.#had.size < mostTold) this.#had.add(String(category));
  }

  unfed(): readonly UnfedSource[] {
    const had = this.#had.size === 0 ? 'have none' : `are of ${[...this.#had].sort().join(', ')}`;
    return [...this.#missing].map((category) => ({
      source: `event category ${category}`,
      rules: this.#rulesBy.get(category) ?? [],
      hint: `The events here ${had}.`,
    }));
  }
}

const readCategory = fieldReader('event.category');

/** ECS knows some twenty; a stream with more has something else in that field. */
const mostTold = 24;

/** The categories without which the query matches nothing; those of events that must not occur are not among them. */
function neededBy(query: Query): readonly string[] {
  switch (query.kind) {
    case 'event':
      return query.category === undefined ? [] : [query.category];
    case 'sequence':
    case 'sample':
      return [
        ...new Set(
          query.stages.flatMap(({ missing, category }) =>
            missing || category === undefined ? [] : [category],
          ),
        ),
      ];
    case 'correlation':
      return [];
  }
}
