// Rules and predicates written down briefly, for the tests of the engine.

import type { Predicate } from '../../../../harness/rules/predicate.ts';
import type { EventFilter, Query, Rule } from '../../../../harness/rules/rule.ts';

export const place = { file: 'fixture.yml', line: 1, column: 1 };

export const is = (field: string, value: string): Predicate => ({
  kind: 'field',
  field,
  test: { op: 'equals', value, caseless: false },
  place,
});

export const and = (...of: Predicate[]): Predicate => ({ kind: 'and', of, place });
export const or = (...of: Predicate[]): Predicate => ({ kind: 'or', of, place });
export const not = (of: Predicate): Predicate => ({ kind: 'not', of, place });

export const ruleOf = (query: Query, id = 'fixture'): Rule => ({
  id,
  slug: id,
  title: id,
  language: 'sigma',
  file: 'fixture.yml',
  techniques: [],
  falsePositives: [],
  source: { kind: 'logsource' },
  query,
});

export const eventRule = (where: Predicate, id?: string, filter: Omit<EventFilter, 'where'> = {}): Rule =>
  ruleOf({ kind: 'event', ...filter, where, pipes: [] }, id);
