// Decides for one event which of many filters it passes.

import type { EventFilter } from '../rule.ts';
import { compileCondition } from './condition.ts';
import { fieldReader } from './field.ts';

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
  const compiled = filters.map((filter) => ({ filter, holds: compileCondition(filter.where) }));
  return (event) => {
    const passed: number[] = [];
    for (const [index, { filter, holds }] of compiled.entries()) {
      const applies = hasCategory(event, filter) && (fields === 'ecs' || fitsLogsource(event, filter));
      if (applies && holds(event)) passed.push(index);
    }
    return passed;
  };
}

const readCategory = fieldReader('event.category');

function hasCategory(event: object, { category }: EventFilter): boolean {
  if (category === undefined) return true;
  const value = readCategory(event);
  return Array.isArray(value) ? value.includes(category) : value === category;
}

/** An event that does not say where it comes from is shown to every rule. */
function fitsLogsource(event: object, { logsource }: EventFilter): boolean {
  const { logsource: origin } = event as { readonly logsource?: unknown };
  if (logsource === undefined || typeof origin !== 'object' || origin === null) return true;
  return Object.entries(logsource).every(
    ([key, wanted]) => wanted === undefined || (origin as Readonly<Record<string, unknown>>)[key] === wanted,
  );
}
