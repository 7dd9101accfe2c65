// Whether what a window holds makes a correlation's condition true.

import type { CorrelationQuery, RuleExpression } from '../rule.ts';

/** One match of a correlated rule, as a window keeps it. */
export interface Entry {
  readonly ruleId: string;
  readonly handles: readonly number[];
  readonly timestampMs: number;
  /** What is counted or computed with. */
  readonly value: string | number | undefined;
}

/**
 * When a condition can be judged. `at-match`: more matches can only make it true. `after-absence`: it also wants that
 * something does not match, which is known when the span is over. `at-end`: what a whole window holds.
 */
export type Judging = 'at-match' | 'after-absence' | 'at-end';

export function judgingOf({ type, condition, expression }: CorrelationQuery): Judging {
  const bounds = condition?.bounds ?? [];
  const onlyLower = bounds.every(({ op }) => op === 'gt' || op === 'gte');
  switch (type) {
    case 'event_count':
    case 'value_count':
    case 'value_sum':
    case 'value_max':
      return onlyLower ? 'at-match' : 'at-end';
    case 'value_min':
      return bounds.every(({ op }) => op === 'lt' || op === 'lte') ? 'at-match' : 'at-end';
    case 'temporal':
      if (expression !== undefined) return wantsAbsence(expression) ? 'after-absence' : 'at-match';
      return onlyLower ? 'at-match' : 'at-end';
    case 'temporal_ordered':
      return 'at-match';
    case 'value_avg':
    case 'value_percentile':
    case 'value_median':
      return 'at-end';
  }
}

/** Whether a match of some rule can make it false. */
function wantsAbsence(expression: RuleExpression, negated = false): boolean {
  switch (expression.kind) {
    case 'rule':
      return negated;
    case 'not':
      return wantsAbsence(expression.of, !negated);
    case 'and':
    case 'or':
      return expression.of.some((part) => wantsAbsence(part, negated));
  }
}

/** The entries that make the condition true, in order of time; undefined when it is not true. */
export function involvedEntries(
  query: CorrelationQuery,
  entries: readonly Entry[],
): readonly Entry[] | undefined {
  switch (query.type) {
    case 'event_count':
      return ifWithin(query, entries.length, entries);
    case 'value_count':
      return ifWithin(query, new Set(entries.map(({ value }) => value)).size, entries);
    case 'value_sum':
      return ifWithin(query, sum(entries), entries);
    case 'value_avg':
      return ifWithin(query, sum(entries) / entries.length, entries);
    case 'value_min':
      return ifWithin(query, extreme(Math.min, entries), entries);
    case 'value_max':
      return ifWithin(query, extreme(Math.max, entries), entries);
    case 'value_percentile':
      return ifWithin(query, percentile(entries, query.condition?.percentile ?? 50), entries);
    case 'value_median':
      return ifWithin(query, median(entries), entries);
    case 'temporal': {
      const byRule = new Map(entries.map((entry) => [entry.ruleId, entry]));
      const latest = [...byRule.values()].sort((a, b) => a.timestampMs - b.timestampMs);
      if (query.expression !== undefined) return isTrue(query.expression, byRule) ? latest : undefined;
      if (query.condition !== undefined) return ifWithin(query, latest.length, latest);
      return latest.length === new Set(query.rules).size ? latest : undefined;
    }
    case 'temporal_ordered':
      return inOrder(query.rules, entries);
  }
}

function isTrue(expression: RuleExpression, seen: ReadonlyMap<string, Entry>): boolean {
  switch (expression.kind) {
    case 'rule':
      return seen.has(expression.id);
    case 'not':
      return !isTrue(expression.of, seen);
    case 'and':
      return expression.of.every((part) => isTrue(part, seen));
    case 'or':
      return expression.of.some((part) => isTrue(part, seen));
  }
}

function ifWithin(
  { condition }: CorrelationQuery,
  measured: number,
  entries: readonly Entry[],
): readonly Entry[] | undefined {
  return (condition?.bounds ?? []).every((bound) => isWithin(bound, measured)) ? entries : undefined;
}

type Bound = NonNullable<CorrelationQuery['condition']>['bounds'][number];

function isWithin({ op, value }: Bound, measured: number): boolean {
  switch (op) {
    case 'gt':
      return measured > value;
    case 'gte':
      return measured >= value;
    case 'lt':
      return measured < value;
    case 'lte':
      return measured <= value;
    case 'eq':
      return measured === value;
    case 'neq':
      return measured !== value;
  }
}

const sum = (entries: readonly Entry[]): number =>
  entries.reduce((total, { value }) => total + Number(value), 0);

const extreme = (choose: (a: number, b: number) => number, entries: readonly Entry[]): number =>
  entries.map(({ value }) => Number(value)).reduce((a, b) => choose(a, b));

/** Nearest rank: the smallest value that at least so many percent of the values do not exceed. */
function percentile(entries: readonly Entry[], percent: number): number {
  const values = sortedValues(entries);
  const rank = Math.max(1, Math.ceil((percent / 100) * values.length));
  return values[rank - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle. */
function median(entries: readonly Entry[]): number {
  const values = sortedValues(entries);
  const half = values.length / 2;
  const [lower, upper] = [values[Math.ceil(half) - 1], values[Math.floor(half)]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}

const sortedValues = (entries: readonly Entry[]): number[] =>
  entries.map(({ value }) => Number(value)).sort((a, b) => a - b);

/** The latest entries in which the rules follow each other, found from the last rule backwards. */
function inOrder(rules: readonly string[], entries: readonly Entry[]): readonly Entry[] | undefined {
  const chain: Entry[] = [];
  let before = entries.length;
  for (const ruleId of rules.toReversed()) {
    const next = chain[0]?.handles.at(-1);
    // An event that two rules match does not follow itself.
    before = entries.findLastIndex(
      (entry, at) => at < before && entry.ruleId === ruleId && entry.handles.at(-1) !== next,
    );
    const entry = entries[before];
    if (entry === undefined) return undefined;
    chain.unshift(entry);
  }
  return chain;
}
