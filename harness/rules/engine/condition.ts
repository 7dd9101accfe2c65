// Turns a predicate into a function over one event.

import type { ComputedTest, FieldTest, KeywordTest, Predicate } from '../predicate.ts';
import { fieldReader, leavesOf } from './field.ts';
import { valueTester } from './value-test.ts';

export type Condition = (event: object) => boolean;

/** Prepares a predicate; the result tells whether it holds on an event. */
export function compileCondition(predicate: Predicate): Condition {
  switch (predicate.kind) {
    case 'constant': {
      const { value } = predicate;
      return () => value;
    }
    case 'and': {
      const parts = predicate.of.map(compileCondition);
      return (event) => parts.every((holds) => holds(event));
    }
    case 'or': {
      const parts = predicate.of.map(compileCondition);
      return (event) => parts.some((holds) => holds(event));
    }
    case 'not': {
      const holds = compileCondition(predicate.of);
      return (event) => !holds(event);
    }
    case 'field':
      return compileField(predicate);
    case 'keyword':
      return compileKeyword(predicate);
    case 'computed':
      return compileComputed(predicate);
  }
}

function compileField({ field, test }: FieldTest): Condition {
  const read = fieldReader(field);
  const passes = valueTester(test);
  return (event) => anyOf(read(event), passes);
}

function anyOf(value: unknown, passes: (value: unknown) => boolean): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => anyOf(item, passes));
  return passes(value);
}

function compileKeyword({ test }: KeywordTest): Condition {
  const passes = valueTester(test);
  return (event) => {
    for (const leaf of leavesOf(event)) if (passes(leaf)) return true;
    return false;
  };
}

function compileComputed({ fields, holds }: ComputedTest): Condition {
  const readers = new Map(fields.map((field) => [field, fieldReader(field)]));
  return (event) => holds((field) => readers.get(field)?.(event));
}
