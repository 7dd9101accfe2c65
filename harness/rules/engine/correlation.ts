// Sigma correlations: conditions over the matches of other rules, per group and within a span of time.
//
// A correlation matches when its condition becomes true for a group, and stays silent while it remains true.
// Conditions that more events can only make true (at least so many events, values, or a sum of at least so much;
// all rules seen) slide over the stream and match at the event that makes them true. All others (at most, exactly,
// averages, percentiles) are judged when the window is over that the group's first event opened.

import type { CorrelationQuery } from '../rule.ts';
import { BoundedMap, type Bounds } from './bounds.ts';
import { fieldReader } from './field.ts';
import { keyPart } from './join-key.ts';
import type { Arrival } from './match.ts';

/** A match of a correlated rule, with what a correlation may ask about it. */
export interface Contribution {
  readonly ruleId: string;
  readonly handles: readonly number[];
  readonly timestampMs: number;
  /** Value of a field: of the matched event, or of the group of a correlated correlation. */
  readonly value: (field: string) => unknown;
}

export type EmitContribution = (contribution: Omit<Contribution, 'ruleId'>) => void;

/** The contribution of a rule that matched one event. */
export const contributionOf = (ruleId: string, { event, handle, timestampMs }: Arrival): Contribution => ({
  ruleId,
  handles: [handle],
  timestampMs,
  value: (field) => fieldReader(field)(event),
});

export class CorrelationMachine {
  readonly #query: CorrelationQuery;
  readonly #slides: boolean;
  readonly #groups: BoundedMap<Group>;
  readonly #windowEntries: number;
  #nextCloseMs = Number.POSITIVE_INFINITY;
  #forgotten = 0;

  constructor(query: CorrelationQuery, bounds: Bounds) {
    this.#query = query;
    this.#slides = slides(query);
    // A window that waits for its end is touched only by its events: it may be twice as old as the span.
    this.#groups = new BoundedMap(bounds.keys, query.timespanMs * (this.#slides ? 1 : 2));
    this.#windowEntries = bounds.windowEntries;
  }

  get evicted(): number {
    return this.#groups.evicted + this.#forgotten;
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Takes a match of one of the correlated rules. */
  push(contribution: Contribution, emit: EmitContribution): void {
    const values = this.#groupValues(contribution);
    if (values === undefined) return;
    const entry = this.#entryOf(contribution);
    if (entry === undefined) return;
    const key = values.map((value) => keyPart(value) ?? '-').join('');
    const group = this.#groups.get(key) ?? { key, values, entries: [], firing: false, latest: contribution };
    group.latest = contribution;
    if (this.#slides) {
      const oldest = entry.timestampMs - this.#query.timespanMs;
      group.entries = group.entries.filter(({ timestampMs }) => timestampMs >= oldest);
    }
    group.entries.push(entry);
    this.#keepToBounds(group);
    this.#groups.set(key, group, entry.timestampMs);
    if (this.#slides) this.#judge(group, emit);
    else this.#nextCloseMs = Math.min(this.#nextCloseMs, this.#closeOf(group));
  }

  /** Tells the machine the time, before the event of that time is pushed. */
  tick(nowMs: number, emit: EmitContribution): void {
    if (nowMs > this.#nextCloseMs) this.#close((closeMs) => nowMs > closeMs, emit);
  }

  /** No event will follow: every open window is over. */
  finish(emit: EmitContribution): void {
    if (!this.#slides) this.#close(() => true, emit);
  }

  #closeOf = ({ entries: [first] }: Group): number =>
    first === undefined ? Number.POSITIVE_INFINITY : first.timestampMs + this.#query.timespanMs;

  #close(isOver: (closeMs: number) => boolean, emit: EmitContribution): void {
    this.#nextCloseMs = Number.POSITIVE_INFINITY;
    const over: Group[] = [];
    for (const group of this.#groups.values()) {
      const closeMs = this.#closeOf(group);
      if (isOver(closeMs)) over.push(group);
      else this.#nextCloseMs = Math.min(this.#nextCloseMs, closeMs);
    }
    for (const group of over) {
      this.#groups.delete(group.key);
      this.#judge(group, emit);
    }
  }

  #judge(group: Group, emit: EmitContribution): void {
    const involved = involvedEntries(this.#query, group.entries);
    if (involved !== undefined && !group.firing) {
      const { latest } = group;
      const named = new Map(this.#query.groupBy.map((field, index) => [field, group.values[index]]));
      emit({
        handles: [...new Set(involved.flatMap(({ handles }) => handles))],
        timestampMs: latest.timestampMs,
        value: (field) => (named.has(field) ? named.get(field) : latest.value(field)),
      });
    }
    group.firing = involved !== undefined;
  }

  /** Undefined when a field to group by is absent: events without it have nothing in common. */
  #groupValues({ ruleId, value }: Contribution): readonly unknown[] | undefined {
    const values = this.#query.groupBy.map((name) => value(this.#fieldIn(ruleId, name)));
    return values.every((item) => keyPart(item) !== undefined) ? values : undefined;
  }

  #entryOf({ ruleId, handles, timestampMs, value }: Contribution): Entry | undefined {
    const { type, condition } = this.#query;
    const fields = (condition?.field ?? []).map((name) => this.#fieldIn(ruleId, name));
    switch (type) {
      case 'event_count':
      case 'temporal':
      case 'temporal_ordered':
        return { ruleId, handles, timestampMs, value: undefined };
      case 'value_count': {
        const parts = fields.map((field) => keyPart(value(field)));
        return parts.includes(undefined)
          ? undefined
          : { ruleId, handles, timestampMs, value: parts.join('') };
      }
      case 'value_sum':
      case 'value_avg':
      case 'value_percentile':
      case 'value_median': {
        const number = Number(fields[0] === undefined ? undefined : (value(fields[0]) ?? undefined));
        return Number.isNaN(number) ? undefined : { ruleId, handles, timestampMs, value: number };
      }
    }
  }

  /** Where the events of a rule have a field that the correlation names. */
  #fieldIn = (ruleId: string, name: string): string => this.#query.aliases[name]?.[ruleId] ?? name;

  #keepToBounds(group: Group): void {
    const excess = group.entries.length - this.#windowEntries;
    if (excess <= 0) return;
    group.entries.splice(0, excess);
    this.#forgotten += excess;
  }
}

interface Entry {
  readonly ruleId: string;
  readonly handles: readonly number[];
  readonly timestampMs: number;
  readonly value: string | number | undefined;
}

interface Group {
  readonly key: string;
  readonly values: readonly unknown[];
  entries: Entry[];
  firing: boolean;
  latest: Contribution;
}

function slides({ type, condition }: CorrelationQuery): boolean {
  const onlyLower = (condition?.bounds ?? []).every(({ op }) => op === 'gt' || op === 'gte');
  switch (type) {
    case 'event_count':
    case 'value_count':
    case 'value_sum':
    case 'temporal':
      return onlyLower;
    case 'temporal_ordered':
      return true;
    case 'value_avg':
    case 'value_percentile':
    case 'value_median':
      return false;
  }
}

/** The entries that make the condition true; undefined when it is not. */
function involvedEntries(query: CorrelationQuery, entries: readonly Entry[]): readonly Entry[] | undefined {
  switch (query.type) {
    case 'event_count':
      return within(query, entries.length) ? entries : undefined;
    case 'value_count':
      return within(query, new Set(entries.map(({ value }) => value)).size) ? entries : undefined;
    case 'value_sum':
      return within(query, sum(entries)) ? entries : undefined;
    case 'value_avg':
      return within(query, sum(entries) / entries.length) ? entries : undefined;
    case 'value_percentile':
      return within(query, percentile(entries, query.condition?.percentile ?? 50)) ? entries : undefined;
    case 'value_median':
      return within(query, median(entries)) ? entries : undefined;
    case 'temporal': {
      const seen = new Map(entries.map((entry) => [entry.ruleId, entry]));
      const enough = query.condition ? within(query, seen.size) : seen.size === new Set(query.rules).size;
      return enough ? [...seen.values()] : undefined;
    }
    case 'temporal_ordered':
      return inOrder(query.rules, entries);
  }
}

function within({ condition }: CorrelationQuery, measured: number): boolean {
  return (condition?.bounds ?? []).every((bound) => isWithin(bound, measured));
}

function isWithin({ op, value }: CorrelationBound, measured: number): boolean {
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

type CorrelationBound = NonNullable<CorrelationQuery['condition']>['bounds'][number];

const sum = (entries: readonly Entry[]): number =>
  entries.reduce((total, { value }) => total + Number(value), 0);

/** Nearest rank: the smallest value that at least so many percent of the values do not exceed. */
function percentile(entries: readonly Entry[], percent: number): number {
  const sorted = entries.map(({ value }) => Number(value)).sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle. */
function median(entries: readonly Entry[]): number {
  const sorted = entries.map(({ value }) => Number(value)).sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[(sorted.length >> 1) - 1] ?? Number.NaN) + upper) / 2;
}

/** The latest entries in which the rules follow each other, found from the last rule backwards. */
function inOrder(rules: readonly string[], entries: readonly Entry[]): readonly Entry[] | undefined {
  const chain: Entry[] = [];
  let before = entries.length;
  for (const ruleId of rules.toReversed()) {
    const index = entries.findLastIndex((entry, at) => at < before && entry.ruleId === ruleId);
    const entry = entries[index];
    if (entry === undefined) return undefined;
    chain.unshift(entry);
    before = index;
  }
  return chain;
}
