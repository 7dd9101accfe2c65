// Regular expressions: JavaScript's engine says what RE2 says, and no pattern takes long.

import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, test } from 'vitest';
import { regexLiterals, regexMatcher } from '../../../../harness/rules/match/regex.ts';
import { longestSafeText } from '../../../../harness/rules/match/regex-proof.ts';
import { parseRegex } from '../../../../harness/rules/match/regex-syntax.ts';
import { processorMs } from '../../processor-time.ts';

function re2(source: string, flags: string, whole: boolean): RE2JS {
  const bits =
    (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) |
    (flags.includes('m') ? RE2JS.MULTILINE : 0) |
    (flags.includes('s') ? RE2JS.DOTALL : 0);
  return RE2JS.compile(whole ? `\\A(?:${source})\\z` : source, bits);
}

const piece = fc.constantFrom(
  ...[
    'a',
    'b',
    'S',
    'k',
    'é',
    '\\.',
    '\\/',
    '\\x41',
    '.',
    '[ab]',
    '[^a\\s]',
    '[a-k]',
    '[\\d-]',
    '[]a]',
    '[^]a]',
  ],
  ...['\\d', '\\W', '\\s', '\\w', '^', '$', '\\b', '\\B', '\\A', '\\z', '\\n', ' ', '\\-', '😀'],
);
const source = fc.letrec<{ regex: string }>((tie) => ({
  regex: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: piece },
    fc.array(tie('regex'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('')),
    fc.tuple(tie('regex'), tie('regex')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('regex'), fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'))
      .map(([part, quantifier]) => `(${part})${quantifier}`),
  ),
})).regex;
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    'b',
    'A',
    's',
    'K',
    'ſ',
    '\u212a',
    'é',
    'É',
    '.',
    '/',
    ' ',
    '\n',
    '\r',
    '\v',
    '1',
    '_',
    '-',
    ']',
    '😀',
  ),
  maxLength: 12,
});

describe('agreement with RE2', () => {
  test('on random patterns and texts', () => {
    fc.assert(
      fc.property(
        source,
        fc.constantFrom('', 'i', 'm', 's', 'im', 'ims'),
        fc.boolean(),
        fc.array(text),
        (pattern, flags, whole, texts) => {
          const matches = regexMatcher(pattern, { flags, whole });
          const literals = regexLiterals(pattern, { flags, whole });
          const expected = re2(pattern, flags, whole);
          for (const each of texts) {
            const isMatch = expected.test(each);
            expect(matches(each)).toBe(isMatch);
            if (isMatch && literals !== undefined && !flags.includes('i')) {
              expect(literals.some((literal) => each.includes(literal))).toBe(true);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('what has to go to RE2', () => {
  test.each([
    '(a+)+$',
    '(a|a)*b',
    '(a*)*',
    '(?:a|ab)+c',
    '(a?){30}a{30}',
    '(.*a){12}',
    '(x+x+)+y',
    '(?i)a',
    '\\pL+',
    '[[:alpha:]]+',
    '(?:\\d+\\s?)+$',
  ])('%s', (pattern) => {
    const syntax = parseRegex(pattern);
    expect(syntax === undefined ? 0 : longestSafeText(syntax, 1_000_000)).toBeLessThan(32);
  });

  test.each([
    'curl.*\\|\\s*(?:ba)?sh',
    '^/etc/cron\\.(d|daily)/',
    '[0-9]{1,3}(\\.[0-9]{1,3}){3}',
    'base64\\s+-d',
  ])('not %s', (pattern) => {
    const syntax = parseRegex(pattern);
    expect(syntax && longestSafeText(syntax, 1_000_000)).toBeGreaterThan(32);
  });
});

test.each([
  ['(a+)+$', 'a'],
  ['(a|a)*b', 'a'],
  ['.*.*.*.*.*x', 'a'],
  ['a.*b.*c.*d.*e', 'abcd'],
  ['(?:a?){30}a{30}', 'a'],
  ['\\s+$', ' '],
])('%s is done with hostile text in time', (pattern, unit) => {
  const matches = regexMatcher(pattern, { flags: '', whole: false });
  for (const length of [50, 500, 5000, 50_000]) {
    const text = `${unit.repeat(length / unit.length)}!`;
    expect(processorMs(() => matches(text))).toBeLessThan(20_000);
  }
});

test.each(['(', 'a**', '[z-a]', '(?=a)', '\\1'])('%s is refused', (pattern) => {
  expect(() => regexMatcher(pattern, { flags: '', whole: false })).toThrow();
});
