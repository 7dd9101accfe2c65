// Exceptions: what a rule must not report although its query finds it.

import type { Place } from '../../../model/place.ts';
import type { ProblemText } from '../../../model/source.ts';
import type { Predicate, ValueTest } from '../../predicate.ts';
import { escapedWildcardTest } from '../wildcard-pattern.ts';
import { exceptionEntrySchema, exceptionItemSchema } from './schema.ts';

/** A condition that holds for events without exception; or what cannot be understood. */
export function lowerExceptions(items: readonly unknown[], place: Place): Predicate | ProblemText {
  const excepted: Predicate[] = [];
  for (const item of items) {
    const parsed = exceptionItemSchema.safeParse(item);
    if (!parsed.success) return { code: 'exception', message: 'expected an exception item with entries' };
    const condition = lowerEntries(parsed.data.entries, '', place);
    if ('code' in condition) return condition;
    excepted.push(condition);
  }
  return { kind: 'not', of: { kind: 'or', of: excepted, place }, place };
}

function lowerEntries(entries: readonly unknown[], parent: string, place: Place): Predicate | ProblemText {
  const conditions: Predicate[] = [];
  for (const entry of entries) {
    const condition = lowerEntry(entry, parent, place);
    if ('code' in condition) return condition;
    conditions.push(condition);
  }
  return { kind: 'and', of: conditions, place };
}

function lowerEntry(entry: unknown, parent: string, place: Place): Predicate | ProblemText {
  const parsed = exceptionEntrySchema.safeParse(entry);
  if (!parsed.success) {
    return {
      code: 'exception',
      message: 'expected an exception entry of type match, match_any, wildcard, exists or nested',
    };
  }
  const { data } = parsed;
  const field = parent === '' ? data.field : `${parent}.${data.field}`;
  switch (data.type) {
    case 'nested':
      return lowerEntries(data.entries, field, place);
    case 'list':
      return {
        code: 'exception-list',
        message: `the exception on \`${data.field}\` looks into a value list, which is not in this file`,
        hint: 'Write its values as an entry of type match_any.',
      };
    case 'match':
      return signed(data.operator, anyOf(field, [equals(data.value)], place));
    case 'match_any':
      return signed(data.operator, anyOf(field, data.value.map(equals), place));
    case 'wildcard':
      return signed(data.operator, anyOf(field, [escapedWildcardTest(data.value, false)], place));
    case 'exists':
      return signed(data.operator, anyOf(field, [{ op: 'exists' }], place));
  }
}

const equals = (value: string): ValueTest => ({ op: 'equals', value, caseless: false });

function anyOf(field: string, tests: readonly ValueTest[], place: Place): Predicate {
  const alternatives = tests.map((test): Predicate => ({ kind: 'field', field, test, place }));
  const [first] = alternatives;
  return alternatives.length === 1 && first ? first : { kind: 'or', of: alternatives, place };
}

const signed = (operator: 'included' | 'excluded', of: Predicate): Predicate =>
  operator === 'included' ? of : { kind: 'not', of, place: of.place };
