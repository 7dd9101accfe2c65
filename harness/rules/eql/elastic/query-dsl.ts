// A rule's filters: conditions in Elasticsearch's query DSL that every event must pass besides the query.

import { z } from 'zod';
import type { Place } from '../../../model/place.ts';
import type { ProblemText } from '../../../model/source.ts';
import type { Predicate, ValueTest } from '../../predicate.ts';
import { escapedWildcardTest } from '../wildcard-pattern.ts';
import { filterSchema } from './schema.ts';

/** The filters as one condition, or the first thing that is not understood. */
export function lowerFilters(filters: readonly unknown[], place: Place): Predicate | ProblemText {
  const conditions: Predicate[] = [];
  for (const filter of filters) {
    const parsed = filterSchema.safeParse(filter);
    if (!parsed.success) return { code: 'filter', message: 'expected a filter with a `query`' };
    const { meta, query } = parsed.data;
    if (meta?.disabled) continue;
    const condition = lowerDsl(query, place);
    if ('code' in condition) return condition;
    conditions.push(meta?.negate ? { kind: 'not', of: condition, place } : condition);
  }
  return { kind: 'and', of: conditions, place };
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const termBody = z.union([
  scalar,
  z.looseObject({ value: scalar, case_insensitive: z.boolean().optional() }),
]);
const phraseBody = z.union([scalar, z.looseObject({ query: scalar })]);
const bound = z.union([z.string(), z.number()]);
const rangeBody = z.strictObject({
  gt: bound.optional(),
  gte: bound.optional(),
  lt: bound.optional(),
  lte: bound.optional(),
});

function lowerDsl(query: unknown, place: Place): Predicate | ProblemText {
  const entries = typeof query === 'object' && query !== null ? Object.entries(query) : [];
  const [name, body] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined)
    return { code: 'filter', message: 'expected one query in a filter' };
  if (name === 'bool') return lowerBool(body, place);
  if (name === 'match_all') return { kind: 'constant', value: true, place };
  if (name === 'exists') {
    const parsed = z.looseObject({ field: z.string() }).safeParse(body);
    return parsed.success ? test(parsed.data.field, { op: 'exists' }, place) : notUnderstood(name);
  }
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const [field, value] = fields.find(([key]) => key !== 'boost') ?? [];
  if (field === undefined) return notUnderstood(name);
  const tests = testsOf(name, value);
  if (tests === undefined) return notUnderstood(name);
  const of = tests.map((each) => test(field, each, place));
  return { kind: name === 'range' ? 'and' : 'or', of, place };
}

/** The tests of one field; of `range` all must hold, of the others any. */
function testsOf(name: string, body: unknown): readonly ValueTest[] | undefined {
  switch (name) {
    case 'term': {
      const term = termOf(body);
      return term && [{ op: 'equals', value: term.value, caseless: term.caseless }];
    }
    case 'terms': {
      const parsed = z.array(scalar).safeParse(body);
      return parsed.success
        ? parsed.data.map((value) => ({ op: 'equals', value, caseless: false }))
        : undefined;
    }
    case 'match':
    case 'match_phrase': {
      const parsed = phraseBody.safeParse(body);
      if (!parsed.success) return undefined;
      const value = typeof parsed.data === 'object' ? parsed.data.query : parsed.data;
      return [{ op: 'equals', value, caseless: false }];
    }
    case 'prefix': {
      const term = termOf(body);
      return term && [{ op: 'starts-with', value: String(term.value), caseless: term.caseless }];
    }
    case 'wildcard': {
      const term = termOf(body);
      return term && [escapedWildcardTest(String(term.value), term.caseless)];
    }
    case 'range': {
      const parsed = rangeBody.safeParse(body);
      if (!parsed.success) return undefined;
      const { gt, gte, lt, lte } = parsed.data;
      const bounds = [
        ['>', gt],
        ['>=', gte],
        ['<', lt],
        ['<=', lte],
      ] as const;
      return bounds.flatMap(([op, value]): ValueTest[] => (value === undefined ? [] : [{ op, value }]));
    }
    default:
      return undefined;
  }
}

function termOf(body: unknown): { value: string | number | boolean; caseless: boolean } | undefined {
  const parsed = termBody.safeParse(body);
  if (!parsed.success) return undefined;
  if (typeof parsed.data !== 'object') return { value: parsed.data, caseless: false };
  return { value: parsed.data.value, caseless: parsed.data.case_insensitive === true };
}

function lowerBool(body: unknown, place: Place): Predicate | ProblemText {
  const clause = z
    .preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(z.unknown()))
    .optional();
  const parsed = z
    .looseObject({
      must: clause,
      filter: clause,
      should: clause,
      must_not: clause,
      minimum_should_match: z.coerce.number().int().min(0).optional(),
    })
    .safeParse(body);
  if (!parsed.success) return notUnderstood('bool');
  const { must = [], filter = [], should = [], must_not = [], minimum_should_match: told } = parsed.data;
  const required = lowerAll([...must, ...filter], place);
  const any = lowerAll(should, place);
  const none = lowerAll(must_not, place);
  if ('code' in required) return required;
  if ('code' in any) return any;
  if ('code' in none) return none;
  const of: Predicate[] = [...required, ...none.map((each): Predicate => ({ kind: 'not', of: each, place }))];
  // Without a number, what should match must where nothing else has to.
  const atLeast = told ?? (any.length > 0 && required.length === 0 ? 1 : 0);
  if (atLeast === 1) of.push({ kind: 'or', of: any, place });
  else if (atLeast === any.length) of.push(...any);
  else if (atLeast > 0) return notUnderstood('bool');
  return { kind: 'and', of, place };
}

function lowerAll(queries: readonly unknown[], place: Place): readonly Predicate[] | ProblemText {
  const lowered: Predicate[] = [];
  for (const query of queries) {
    const condition = lowerDsl(query, place);
    if ('code' in condition) return condition;
    lowered.push(condition);
  }
  return lowered;
}

const test = (field: string, each: ValueTest, place: Place): Predicate => ({
  kind: 'field',
  field,
  test: each,
  place,
});

const notUnderstood = (name: string): ProblemText => ({
  code: 'filter',
  ...(queries.includes(name)
    ? {
        message: `the query \`${name}\` in the rule's filters is not as Elasticsearch's documentation has it`,
        hint: 'In TOML the name of a field stands in quotes: [rule.filters.query.wildcard."process.name"].',
      }
    : {
        message: `the query \`${name}\` in the rule's filters is not supported`,
        hint: `There are ${queries.join(', ')}.`,
      }),
});

const queries = 'term terms match_phrase match wildcard prefix exists range match_all bool'.split(' ');
