// Decides for one event which of many filters it passes, trying only those that it has a clue for.
//
// Filters stand in buckets by event category and log source. Within a bucket each filter waits for its clues: one
// search per field finds all clues in the field's text at once. Only then is the filter's condition asked, which
// shares its parts with all others.

import type { EventFilter } from '../rule.ts';
import { type LogOrigin, logOriginOf } from '../sigma/log-origin.ts';
import { type ClueEntry, type ClueSearch, clueSearch } from './clue-index.ts';
import { type Condition, compileConditions } from './condition.ts';
import { EventView, type FieldView } from './event-view.ts';
import { chooseClues } from './gate.ts';

export interface EventMatcherOptions {
  /** Which names the events use: `sigma` events may carry the `logsource` that selects the rules. */
  readonly fields: 'ecs' | 'sigma';
}

/** Gives the numbers of the filters that the event passes, ascending. */
export type EventMatcher = (event: object) => readonly number[];

/** Prepares many filters at once. */
export function compileFilters(
  filters: readonly EventFilter[],
  { fields }: EventMatcherOptions,
): EventMatcher {
  const view = new EventView(fields === 'sigma' ? 'logsource' : undefined);
  const conditions = compileConditions(
    filters.map(({ where }) => where),
    view,
  );
  const triedAt = new Float64Array(filters.length);
  let passed: number[] = [];
  const attempt = (filter: number): void => {
    if (triedAt[filter] === view.epoch) return;
    triedAt[filter] = view.epoch;
    if ((conditions[filter] as Condition)()) passed.push(filter);
  };
  const buckets = bucketsOf(filters, fields, (entries) => clueSearch(entries, view, attempt));
  const bucketsFor = bucketChooser(buckets, fields, view.field('event.category'));

  return (event) => {
    view.show(event);
    passed = [];
    for (const { always, searchClues } of bucketsFor(event)) {
      for (const filter of always) attempt(filter);
      searchClues();
    }
    return passed.sort((a, b) => a - b);
  };
}

const none: readonly number[] = [];

type Logsource = NonNullable<EventFilter['logsource']>;

/** Filters that ask for the same category and log source. */
interface Bucket {
  readonly category: string | undefined;
  readonly logsource: Logsource | undefined;
  /** Filters that give no clue. */
  readonly always: readonly number[];
  /** Tries those that give clues, if any of theirs is found. */
  readonly searchClues: ClueSearch;
}

function bucketsOf(
  filters: readonly EventFilter[],
  fields: 'ecs' | 'sigma',
  prepare: (entries: readonly ClueEntry[]) => ClueSearch,
): readonly Bucket[] {
  const clues = chooseClues(filters.map(({ where }) => where));
  const numbered = filters.map((filter, number) => ({
    ...filter,
    logsource: fields === 'sigma' ? filter.logsource : undefined,
    number,
    clues: clues[number],
  }));
  const groups = Map.groupBy(numbered, ({ category, logsource }) => JSON.stringify([category, logsource]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { category, logsource } = first;
    const always = group.filter(({ clues }) => clues === undefined).map(({ number }) => number);
    const entries = group.flatMap(({ clues, number }) =>
      (clues ?? []).map((clue) => ({ clue, filter: number })),
    );
    return [{ category, logsource, always, searchClues: prepare(entries) }];
  });
}

/** The buckets for the event that is shown, worked out once for each combination of categories and log source. */
function bucketChooser(
  buckets: readonly Bucket[],
  fields: 'ecs' | 'sigma',
  category: FieldView,
): (event: object) => readonly Bucket[] {
  const known = new Map<string, readonly Bucket[]>();
  return (event) => {
    const categories = listOf(category.value());
    const origin = fields === 'sigma' ? logOriginOf(event) : undefined;
    const key = combinationKey(categories, origin);
    let chosen = known.get(key);
    if (chosen === undefined) {
      chosen = buckets.filter(
        ({ category, logsource }) =>
          (category === undefined || categories.includes(category)) &&
          // An event that does not say where it comes from is shown to every rule.
          (origin === undefined || logsource === undefined || origin.fits(logsource)),
      );
      if (known.size >= mostCombinations) known.clear();
      known.set(key, chosen);
    }
    return chosen;
  };
}

const mostCombinations = 1024;

function combinationKey(categories: readonly unknown[], origin: LogOrigin | undefined): string {
  if (origin !== undefined) return JSON.stringify([categories, origin.key]);
  const [first] = categories;
  // Mostly there is one category and nothing else.
  return categories.length === 1 && typeof first === 'string' && !first.startsWith('[')
    ? first
    : JSON.stringify(categories);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return none;
  return Array.isArray(value) ? value : [value];
}
