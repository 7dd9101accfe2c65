// Wildcards and backslashes, by the specification's own cases.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyOne, anyRun } from '../../../../harness/rules/predicate.ts';
import {
  normalizePattern,
  parsePattern,
  printPattern,
  testOfPattern,
} from '../../../../harness/rules/sigma/pattern.ts';

describe('reading', () => {
  test.each([
    ['', []],
    ['abc', ['abc']],
    ['a*c', ['a', anyRun, 'c']],
    ['a?c', ['a', anyOne, 'c']],
    ['**', [anyRun, anyRun]],
    [String.raw`a\*c`, ['a*c']],
    [String.raw`a\?c`, ['a?c']],
    [String.raw`a\c`, [String.raw`a\c`]],
    [String.raw`a\\c`, [String.raw`a\c`]],
    [String.raw`a\\*`, ['a\\', anyRun]],
    [String.raw`a\\\*`, [String.raw`a\*`]],
    [String.raw`a\\\\*`, ['a\\\\', anyRun]],
    [String.raw`a\\\b`, [String.raw`a\\b`]],
    [String.raw`a\\\\b`, [String.raw`a\\b`]],
    ['a\\', ['a\\']],
    ['a\\\\', ['a\\']],
    [String.raw`\\?\C:`, ['\\', anyOne, String.raw`\C:`]],
    [String.raw`\\\\\?\\C:`, [String.raw`\\?\C:`]],
    [String.raw`C:\Windows\*\cmd.exe`, [String.raw`C:\Windows*\cmd.exe`]],
    [String.raw`C:\Windows\\*\cmd.exe`, ['C:\\Windows\\', anyRun, '\\cmd.exe']],
  ])('%j', (text, expected) => {
    expect(parsePattern(text)).toEqual(expected);
  });
});

test('what is printed reads as the same pattern', () => {
  const literal = fc.string({
    unit: fc.constantFrom('\\', '*', '?', 'a', '%', ' '),
    minLength: 1,
    maxLength: 6,
  });
  const part = fc.oneof({ weight: 3, arbitrary: literal }, fc.constant(anyRun), fc.constant(anyOne));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const joined = joinLiterals(parts);
      expect(parsePattern(printPattern(joined))).toEqual(joined);
    }),
  );
});

function joinLiterals(parts: readonly (string | symbol)[]): (string | typeof anyRun | typeof anyOne)[] {
  const joined: (string | symbol)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  return joined as (string | typeof anyRun | typeof anyOne)[];
}

test('patterns become the cheapest test that means the same', () => {
  const testOf = (text: string) => testOfPattern(parsePattern(text), true);
  expect(testOf('a')).toEqual({ op: 'equals', value: 'a', caseless: true });
  expect(testOf('')).toEqual({ op: 'equals', value: '', caseless: true });
  expect(testOf('a*')).toEqual({ op: 'starts-with', value: 'a', caseless: true });
  expect(testOf('*a')).toEqual({ op: 'ends-with', value: 'a', caseless: true });
  expect(testOf('**a***')).toEqual({ op: 'contains', value: 'a', caseless: true });
  expect(testOf('**')).toEqual({ op: 'exists' });
  expect(testOf('a*b')).toEqual({ op: 'wildcard', pattern: ['a', anyRun, 'b'], caseless: true });
  expect(testOf('?')).toEqual({ op: 'wildcard', pattern: [anyOne], caseless: true });
  expect(normalizePattern(['a', '', 'b', anyRun, anyRun])).toEqual(['ab', anyRun]);
});
