// Turns the test of one value into a function.

import type { ValueTest } from '../predicate.ts';
import { networkMatcher } from './cidr.ts';
import { regexMatcher } from './regex.ts';
import { fold, textOf } from './text.ts';
import { wildcardMatcher } from './wildcard.ts';

/** The tests that look at a value's text. */
export type TextTest = Exclude<ValueTest, { op: 'exists' | '<' | '<=' | '>' | '>=' }>;
export type OrderTest = Extract<ValueTest, { op: '<' | '<=' | '>' | '>=' }>;

/** Prepares a test of a value's text. */
export function textTester(test: TextTest): (text: string) => boolean {
  const { ofFolded, matches } = foldableTester(test);
  return ofFolded ? (text) => matches(fold(text)) : matches;
}

/** A test of text; with `ofFolded` it wants the text in folded case, so that it is folded once for many tests. */
export interface FoldableTester {
  readonly ofFolded: boolean;
  readonly matches: (text: string) => boolean;
}

export function foldableTester(test: TextTest): FoldableTester {
  switch (test.op) {
    case 'regex':
      return { ofFolded: false, matches: regexMatcher(test.source, test) };
    case 'cidr':
      return { ofFolded: false, matches: networkMatcher(test.network) ?? (() => false) };
    case 'wildcard': {
      const ofFolded = test.caseless;
      const pattern = test.pattern.map((part) => (ofFolded && typeof part === 'string' ? fold(part) : part));
      return { ofFolded, matches: wildcardMatcher(pattern) };
    }
    case 'equals':
    case 'starts-with':
    case 'ends-with':
    case 'contains': {
      const ofFolded = test.caseless;
      const literal = ofFolded ? fold(String(test.value)) : String(test.value);
      return { ofFolded, matches: literalTester(test.op, literal) };
    }
  }
}

function literalTester(
  op: 'equals' | 'starts-with' | 'ends-with' | 'contains',
  literal: string,
): (text: string) => boolean {
  switch (op) {
    case 'equals':
      return (text) => text === literal;
    case 'starts-with':
      return (text) => text.startsWith(literal);
    case 'ends-with':
      return (text) => text.endsWith(literal);
    case 'contains':
      return (text) => text.includes(literal);
  }
}

/** Prepares a comparison: numbers with numbers (and text that spells one), text with text by code unit. */
export function orderTester({ op, value: bound }: OrderTest): (value: unknown) => boolean {
  const isOrdered = orderings[op];
  if (typeof bound === 'string') {
    return (value) => {
      const text = textOf(value);
      return text !== undefined && isOrdered(text, bound);
    };
  }
  return (value) => {
    const number = exactNumberOf(value);
    return number !== undefined && isOrdered(number, bound);
  };
}

/** JavaScript compares a number with a bigint by their mathematical values. */
type Ordering = <T extends number | bigint | string>(value: T, bound: T) => boolean;

const orderings: Readonly<Record<OrderTest['op'], Ordering>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** The same, whole numbers beyond what a double holds as bigint. */
function exactNumberOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  const number = numberOf(value);
  const isRounded = number !== undefined && typeof value === 'string' && !Number.isSafeInteger(number);
  return isRounded && wholeNumber.test(value) ? BigInt(value.trim().replace(/^\+/, '')) : number;
}

/** As many digits as no honest number has would take long to read. */
const wholeNumber = /^\s*[+-]?\d{1,400}\s*$/;

/** A number, or text that spells one; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
