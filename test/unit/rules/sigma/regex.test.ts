// Regular expressions: what is translated from PCRE, what is refused, and that the meaning stays.

import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { translateRegex } from '../../../../harness/rules/sigma/regex.ts';
import { quoteRegex } from '../../../../harness/rules/sigma/regex-escape.ts';
import { processorMs } from '../../processor-time.ts';
import { problemsOf, ruleText } from './try-rule.ts';

function matches(pattern: string, text: string): boolean {
  const translated = translateRegex(pattern);
  if (!translated.ok) expect.fail(`${pattern}: ${translated.fault.message}`);
  return RE2JS.compile(translated.source).test(text);
}

describe('translated', () => {
  test.each<[string, string[], string[]]>([
    ['a.c', ['abc'], ['a\nc']],
    [String.raw`\d{2}\s\w`, ['12 a'], ['1 a']],
    [String.raw`a\hb`, ['a b', 'a\tb', 'a\u00a0b'], ['a\nb']],
    [String.raw`a\Hb`, ['axb'], ['a b']],
    [String.raw`a\vb`, ['a\nb', 'a\u2028b'], ['a b']],
    [String.raw`[\h,]`, [' ', ','], ['x', 'h']],
    [String.raw`a\Rb`, ['a\r\nb', 'a\nb'], ['ab']],
    [String.raw`a\Nb`, ['axb'], ['a\nb']],
    [String.raw`a\Z`, ['a', 'a\n'], ['ab']],
    [String.raw`\Aa\z`, ['a'], ['a\n', 'ba']],
    [
      String.raw`\e\x41\x{42}\u0043\103\cA`.replace(String.raw`\103`, String.raw`\o{104}`),
      ['\x1bABCD\x01'],
      ['x'],
    ],
    [String.raw`\012`, ['\n'], ['0']],
    [String.raw`\Qa.b*\Ec`, ['a.b*c'], ['axb*c']],
    [String.raw`\é\_\-\/\"\<`, ['é_-/"<'], ['x']],
    ['[]a]', [']', 'a'], ['b']],
    ['[^]a]', ['b'], [']', 'a']],
    ['[a[b]', ['[', 'a', 'b'], [']', 'c']],
    ['[[:digit:]a]', ['5', 'a'], ['b', ':']],
    [String.raw`[\b]`, ['\b'], ['b']],
    [String.raw`[\w.-]+$`, ['a-b.c'], ['a b ']],
    ['a{,3}', ['a{,3}'], ['aaa']],
    ['{"a": {', ['{"a": {'], ['a']],
    ['a{2}b{1,}c{0,1}', ['aabb'], ['ab']],
    ['(?#comment)ab(?#more)c', ['abc'], ['ab c']],
    ['(?<year>\\d+)-(?P<month>\\d+)', ['2025-03'], ['-']],
    ["(?'name'a)b", ['ab'], ['a']],
    ['(?i)abc', ['ABC'], ['x']],
    ['a(?i:b)c', ['aBc'], ['ABc']],
    ['(?s).(?-s).', ['\na'], ['\n\n']],
    ['x*?y+?z??', ['y'], ['x']],
    ['^(a|b)$', ['a', 'b'], ['ab']],
    ['a{1200}', ['a'.repeat(1200)], ['a'.repeat(1199)]],
    ['^.{1500,}$', ['a'.repeat(1500), 'a'.repeat(2000)], ['a'.repeat(1499)]],
    ['^(?:ab){1001,1002}$', ['ab'.repeat(1001), 'ab'.repeat(1002)], ['ab'.repeat(1000), 'ab'.repeat(1003)]],
    ['^[^ ]{0,1024}$', ['', 'a'.repeat(1024)], ['a'.repeat(1025)]],
    ['😀+', ['😀😀'], ['x']],
  ])('%s', (pattern, hits, misses) => {
    for (const text of hits) expect.soft(matches(pattern, text), `hit ${JSON.stringify(text)}`).toBe(true);
    for (const text of misses)
      expect.soft(matches(pattern, text), `miss ${JSON.stringify(text)}`).toBe(false);
  });
});

describe('refused', () => {
  test.each([
    ['a(?=b)', 1, 'lookahead (`(?=`) is not supported'],
    ['a(?!b)', 1, 'negative lookahead'],
    ['(?<=a)b', 0, 'lookbehind'],
    ['(?<!a)b', 0, 'negative lookbehind'],
    ['(?>a)', 0, 'atomic group'],
    [String.raw`(a)\1`, 3, 'a backreference (`\\1`)'],
    [String.raw`(?<n>a)\k<n>`, 7, 'a backreference'],
    [String.raw`(a)\g{1}`, 3, 'a backreference'],
    ['(?P<n>a)(?P=n)', 8, 'a backreference'],
    ['a(?R)?b', 1, 'recursion'],
    ['(?1)', 0, 'recursion'],
    ['(?(1)a|b)', 0, 'conditional'],
    ['(?|a|b)', 0, 'branch reset'],
    ['(?x) a b', 0, 'extended mode'],
    ['(*UTF8)a', 0, 'a verb'],
    ['a++', 1, 'possessive quantifiers (`++`)'],
    ['a{2,3}+', 1, 'possessive quantifiers'],
    [String.raw`a\Kb`, 1, '`\\K` is not supported'],
    [String.raw`\X`, 0, '`\\X` is not supported'],
    [String.raw`\y`, 0, '`\\y` is not supported'],
    ['a\\', 1, 'lone backslash'],
    ['[a', 0, 'never closed'],
    ['(a', 0, 'not a valid regular expression: missing closing )'],
    ['a)', 0, 'not a valid regular expression: unexpected )'],
    ['*a', 0, 'not a valid regular expression: missing argument to repetition operator'],
    ['[z-a]', 1, 'not a valid regular expression: invalid character class range'],
    ['a{3,2}', 1, 'not a valid regular expression: invalid repeat count'],
    ['a{9999}', 1, 'repeated more than 5000 times'],
    [String.raw`\p{Nonsense}`, 0, 'not a valid regular expression: invalid character class range'],
  ])('%s at %i: %s', (pattern, index, message) => {
    const translated = translateRegex(pattern);
    if (translated.ok) expect.fail(`translated to ${translated.source}`);
    expect(translated.fault.message).toContain(message);
    expect(translated.fault.index).toBe(index);
  });

  test('points into the rule', () => {
    const text = ruleText(`sel:\n  f|re: 'abc(?!x)'\ncondition: sel`);
    expect(problemsOf(text)).toEqual([
      [
        'test.yml:5:15: error: negative lookahead (`(?!`) is not supported [sigma/regex]',
        "      f|re: 'abc(?!x)'",
        '                ^',
        '  Say the exclusion in a detection of its own: `selection and not filter`.',
      ].join('\n'),
    ]);
  });
});

test('a hostile pattern is compiled in linear time', () => {
  const spent = processorMs(() => {
    expect(matches('^(a+)+$', `${'a'.repeat(50_000)}!`)).toBe(false);
    expect(translateRegex('('.repeat(100_000)).ok).toBe(false);
    expect(translateRegex('[a'.repeat(50_000)).ok).toBe(false);
    expect(translateRegex('a{1000}{1000}{1000}').ok).toBe(false);
  });
  expect(spent).toBeLessThan(30_000);
});

test('quoted text matches itself only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 10 }), (text) => {
      expect(matches(`^${quoteRegex(text)}$`, text)).toBe(true);
    }),
  );
});

/** Patterns in the part of the syntax that JavaScript and PCRE share. */
const { pattern: sharedPattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '[a\\]b]',
      '\\.',
      '\\d',
      '\\x61',
      '\\n',
      '[\\x62-c]',
      '\\\\',
      '-',
    ),
    tie('pattern').map((inner) => `(${inner})`),
    tie('pattern').map((inner) => `(?:${inner})`),
  ),
  pattern: fc
    .array(
      fc
        .tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{1,}', '*?', '+?'))
        .map((parts) => parts.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .chain((parts) =>
      fc.constantFrom(parts.join(''), parts.join('|'), `^${parts.join('')}`, `${parts.join('')}$`),
    ),
}));

test('a translated pattern matches what the original matches', () => {
  fc.assert(
    fc.property(
      sharedPattern,
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.', '1', '\n', '\\', '-', ']'), maxLength: 8 }),
      (pattern, text) => {
        const expected = originalMatches(pattern, text);
        fc.pre(expected !== undefined);
        expect(matches(pattern, text)).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
});

/** What JavaScript's own engine says; undefined where it backtracks for too long to say anything. */
function originalMatches(pattern: string, text: string): boolean | undefined {
  try {
    return runInNewContext('new RegExp(pattern).test(text)', { pattern, text }, { timeout: 100 }) as boolean;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
