// How close a value came to what a test asked for, so that near misses can be told from mere misses.

import { fieldReader } from './match/field.ts';
import { fold, textOf } from './match/text.ts';
import type { Predicate, ValueTest } from './predicate.ts';

/** From 0 (nothing in common, or no value at all) to just under 1, for a test that failed on the event. */
export function closeness(predicate: Predicate, event: object): number {
  if (predicate.kind !== 'field') return 0;
  const value = fieldReader(predicate.field)(event);
  const wanted = literalOf(predicate.test);
  if (value === undefined) return 0;
  const texts = [value].flat(Number.POSITIVE_INFINITY).map((item) => textOf(item) ?? '');
  return wanted === undefined ? present : Math.max(...texts.map((text) => present + likeness(text, wanted)));
}

/** A value that differs is closer than none. */
const present = 0.1;

/** What of the test can be compared letter by letter. */
function literalOf(test: ValueTest): string | undefined {
  switch (test.op) {
    case 'equals':
      return String(test.value);
    case 'starts-with':
    case 'ends-with':
    case 'contains':
      return test.value;
    case 'wildcard':
      return test.pattern.filter((part) => typeof part === 'string').join('');
    case 'regex':
    case 'cidr':
    case 'exists':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return undefined;
  }
}

/** Share of the wanted text that the value begins or ends with, or that begins or ends it; below 0.8. */
function likeness(text: string, wanted: string): number {
  const [value, literal] = [fold(text.slice(0, longest)), fold(wanted.slice(0, longest))];
  if (literal.length === 0) return 0;
  const common = Math.max(commonStart(value, literal), commonEnd(value, literal));
  return 0.8 * (common / Math.max(literal.length, Math.min(value.length, 2 * literal.length)));
}

const longest = 1024;

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function commonEnd(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length;
}
