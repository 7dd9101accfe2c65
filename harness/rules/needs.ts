// What telemetry a rule needs: the categories, actions and fields that it asks for, and which sensors can give each.

import type { SensorName } from '../model/event.ts';
import { sensorsGiving, sensorsOfCategory, sensorsTelling } from '../model/vocabularies/index.ts';
import type { Predicate } from './predicate.ts';
import type { EventFilter, Rule } from './rule.ts';
import { fieldsOf } from './rule-fields.ts';
import { sensorsFor } from './sensors.ts';

/** Something that a rule asks for, and the sensors whose events can have it; none: it never holds here. */
export interface Need {
  readonly name: string;
  readonly sensors: readonly SensorName[];
}

export interface RuleNeeds {
  /** The sensors that provide what the rule looks at: its log source, or its categories. */
  readonly sensors: readonly SensorName[];
  /** Each `event.category` once, in the order of the rule's text. */
  readonly categories: readonly Need[];
  /** Each `event.action` that it names for a match; what it excludes it does not need. */
  readonly actions: readonly Need[];
  /** Each field that it reads. Of alternatives, one is enough. */
  readonly fields: readonly Need[];
}

/**
 * The needs of one rule, by the vocabularies. A correlation reads the matches of other rules: its needs are theirs.
 */
export function needsOf(rule: Rule): RuleNeeds {
  const filters = filtersOf(rule);
  const categories = unique(filters.flatMap(({ category }) => category ?? []));
  const actions = new Map(
    filters.flatMap(({ category, where }) =>
      actionsIn(where).map((action) => [action, sensorsTelling(action, category)] as const),
    ),
  );
  return {
    sensors: sensorsFor(rule.source),
    categories: categories.map((name) => ({ name, sensors: sensorsOfCategory(name) })),
    actions: [...actions].map(([name, sensors]) => ({ name, sensors })),
    fields: unique(fieldsOf(rule).map(({ field }) => field)).map((name) => ({
      name,
      sensors: sensorsGiving(name),
    })),
  };
}

function filtersOf({ query }: Rule): readonly EventFilter[] {
  switch (query.kind) {
    case 'event':
      return [query];
    case 'sequence':
    case 'sample':
      return query.stages;
    case 'correlation':
      return [];
  }
}

/** The actions that a condition names, outside of its exclusions. */
function actionsIn(predicate: Predicate): string[] {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.of.flatMap(actionsIn);
    case 'field':
      return predicate.field === 'event.action' && predicate.test.op === 'equals'
        ? [String(predicate.test.value)]
        : [];
    case 'not':
    case 'keyword':
    case 'computed':
    case 'constant':
      return [];
  }
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
