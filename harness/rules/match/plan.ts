// Lays out rules for one pass: every filter of every rule gets a number, every rule its place.

import type { EventFilter, Pipe, Query, Rule } from '../rule.ts';

/** All filters of all rules in one list, so that they can be matched together. */
export interface Plan {
  readonly rules: readonly PlannedRule[];
  readonly filters: readonly EventFilter[];
  /** For each filter the position of its rule in `rules`. */
  readonly ruleOf: readonly number[];
}

export interface PlannedRule {
  readonly rule: Rule;
  readonly firstFilter: number;
  readonly pipes: readonly Pipe[];
  /** False for rules that only feed a correlation. */
  readonly reported: boolean;
}

/** Takes rules in the order in which they are to report. */
export function planOf(rules: readonly Rule[]): Plan {
  const silent = onlyCorrelated(rules);
  const planned: PlannedRule[] = [];
  const filters: EventFilter[] = [];
  const ruleOf: number[] = [];
  for (const rule of rules) {
    const pipes = rule.query.kind === 'correlation' ? [] : rule.query.pipes;
    planned.push({ rule, firstFilter: filters.length, pipes, reported: !silent.has(rule.id) });
    for (const filter of filtersOf(rule.query)) {
      ruleOf.push(planned.length - 1);
      filters.push(filter);
    }
  }
  return { rules: planned, filters, ruleOf };
}

/** The filters of a query, in the order in which its state machine numbers them. */
export function filtersOf(query: Query): readonly EventFilter[] {
  switch (query.kind) {
    case 'event':
      return [query];
    case 'sequence':
      return query.until === undefined ? query.stages : [...query.stages, query.until];
    case 'sample':
      return query.stages;
    case 'correlation':
      return [];
  }
}

/** Rules that some correlation uses, and none with `generate: true`. */
export function onlyCorrelated(rules: readonly Rule[]): ReadonlySet<string> {
  const silent = new Set<string>();
  const generated = new Set<string>();
  for (const { query } of rules) {
    if (query.kind !== 'correlation') continue;
    for (const id of query.rules) (query.generate ? generated : silent).add(id);
  }
  for (const id of generated) silent.delete(id);
  return silent;
}
