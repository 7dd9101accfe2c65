// Turns the test of one value into a function.

import type { ValueTest } from '../predicate.ts';
import { networkMatcher } from './cidr.ts';
import { regexMatcher } from './regex.ts';
import { fold, textOf } from './text.ts';
import { wildcardMatcher } from './wildcard.ts';

/**
 * Prepares a test of one value that is present (not null, not an array).
 * Text tests see numbers and booleans as their text; objects pass `exists` only.
 */
export function valueTester(test: ValueTest): (value: unknown) => boolean {
  switch (test.op) {
    case 'exists':
      return () => true;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(test.op, test.value);
    default: {
      const matches = textTester(test);
      return (value) => {
        const text = textOf(value);
        return text !== undefined && matches(text);
      };
    }
  }
}

/** The tests that look at a value's text. */
export type TextTest = Exclude<ValueTest, { op: 'exists' | '<' | '<=' | '>' | '>=' }>;

/** Prepares a test of a value's text. */
export function textTester(test: TextTest): (text: string) => boolean {
  switch (test.op) {
    case 'equals': {
      const literal = String(test.value);
      if (!test.caseless) return (text) => text === literal;
      const folded = fold(literal);
      return (text) => fold(text) === folded;
    }
    case 'starts-with':
      return withCase(test, (text, literal) => text.startsWith(literal));
    case 'ends-with':
      return withCase(test, (text, literal) => text.endsWith(literal));
    case 'contains':
      return withCase(test, (text, literal) => text.includes(literal));
    case 'wildcard': {
      if (!test.caseless) return wildcardMatcher(test.pattern);
      const matches = wildcardMatcher(
        test.pattern.map((part) => (typeof part === 'string' ? fold(part) : part)),
      );
      return (text) => matches(fold(text));
    }
    case 'regex':
      return regexMatcher(test.source, test);
    case 'cidr':
      return networkMatcher(test.network) ?? (() => false);
  }
}

function withCase(
  test: { readonly value: string; readonly caseless: boolean },
  matches: (text: string, literal: string) => boolean,
): (text: string) => boolean {
  if (!test.caseless) return (text) => matches(text, test.value);
  const folded = fold(test.value);
  return (text) => matches(fold(text), folded);
}

/** Numbers compare with numbers (and text that spells one), text with text by code unit. */
function comparison(op: '<' | '<=' | '>' | '>=', bound: number | string): (value: unknown) => boolean {
  const ordered = orderings[op];
  if (typeof bound === 'string') {
    return (value) => {
      const text = textOf(value);
      return text !== undefined && ordered(text, bound);
    };
  }
  return (value) => {
    const number = numberOf(value);
    return number !== undefined && ordered(number, bound);
  };
}

type Ordering = <T extends number | string>(value: T, bound: T) => boolean;

const orderings: Readonly<Record<'<' | '<=' | '>' | '>=', Ordering>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** A number, or text that spells one; undefined for anything else. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
