// Lucene's regular expressions as RE2: what they match, and what is refused.

import { describe, expect, it } from 'vitest';
import { luceneToRe2 } from '../../../../harness/rules/eql/lucene-regex.ts';
import { luceneRegexTest, valueRegex } from '../../../../harness/rules/eql/regex-pattern.ts';
import { textTester } from '../../../../harness/rules/match/value-test.ts';
import { processorMs } from '../../processor-time.ts';

function matches(pattern: string, text: string, caseless = false): boolean {
  const test = luceneRegexTest(pattern, caseless);
  if (!('op' in test) || test.op !== 'regex') throw new TypeError(JSON.stringify(test));
  return textTester(test)(text);
}

describe('luceneToRe2', () => {
  it.each<readonly [pattern: string, matching: readonly string[], others: readonly string[]]>([
    ['', [''], ['a']],
    ['abc', ['abc'], ['xabc', 'abcx', 'ABC']],
    ['a.c', ['abc', 'a\nc', 'a💩c'], ['ac']],
    ['.*cmd.*', ['cmd', 'x cmd y', 'a\ncmd\nb'], ['cm']],
    ['ab?c+d*', ['ac', 'abccdd'], ['abbc']],
    ['a{2}b{1,2}c{2,}', ['aabcc', 'aabbcccc'], ['abcc', 'aabc']],
    ['(foo|bar)+', ['foo', 'barfoo'], ['', 'fo']],
    ['()', [''], ['a']],
    ['a*?', ['', 'aa'], ['b']],
    ['^a$', ['^a$'], ['a']],
    ['[a-c^]x', ['ax', '^x'], ['dx']],
    ['[^a-c]', ['d', '\n'], ['a', '']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a\\]\\-z]', [']', '-', 'z'], ['b']],
    ['\\d+\\s\\w*', ['1 a_9', '12\t'], ['1a', '1\u000bx']],
    ['\\D\\S\\W', ['a\u000b-'], ['1a-', 'a -', 'aab']],
    ['[\\d\\s]', ['1', ' '], ['a']],
    ['[\\S]', ['a'], [' ']],
    ['\\.\\*\\@\\"\\&\\<', ['.*@"&<'], ['x']],
    ['a@b', ['ab', 'axxb'], ['a']],
    ['"a.b*"', ['a.b*'], ['axb']],
    ['a#|b', ['b'], ['a', 'a#']],
    ['[&~<>#@"]', ['&', '~', '<', '>', '#', '@', '"'], ['a']],
    ['a>b', ['a>b'], ['ab']],
    ['a<1-100>', ['a1', 'a007', 'a99', 'a100', 'a0100'], ['a', 'a0', 'a00', 'a101', 'a1000']],
    ['<01-31>x', ['01x', '09x', '31x'], ['1x', '00x', '32x', '001x']],
    ['<20-10>', ['10', '15', '20'], ['9', '21', '010']],
    ['<0-9>{2}', ['00', '42'], ['4', '123']],
    ['C:\\\\[^\\\\]+', ['C:\\Users'], ['C:\\a\\b']],
  ])('%s', (pattern, matching, others) => {
    expect(matching.filter((text) => !matches(pattern, text))).toEqual([]);
    expect(others.filter((text) => matches(pattern, text))).toEqual([]);
  });

  it('knows every number of an interval', () => {
    for (const [from, to] of [
      ['7', '1203'],
      ['0', '20'],
      ['095', '120'],
      ['5', '5'],
    ] as const) {
      const members = Array.from({ length: 1500 }, (_, number) => String(number).padStart(from.length, '0'));
      const inside = members.filter((text) => Number(text) >= Number(from) && Number(text) <= Number(to));
      const fitting = inside.filter((text) => from.length !== to.length || text.length === from.length);
      expect(members.filter((text) => matches(`<${from}-${to}>`, text))).toEqual(fitting);
    }
  });

  it('ignores case when asked to', () => {
    expect(matches('ab[c-d]', 'ABD', true)).toBe(true);
    expect(matches('ab[c-d]', 'ABD', false)).toBe(false);
  });

  it.each([
    ['(abc', 'expected ) to end the group'],
    ['abc)', 'expected the end of the regular expression'],
    ['[abc', 'expected ] to end the character class'],
    ['[z-a]', 'expected a range that ascends, found z-a'],
    ['a{,3}', 'expected a number of repetitions'],
    ['a{3', 'expected } after the number of repetitions'],
    ['a{3,1}', 'expected repetitions that ascend, found 3 to 1'],
    ['abc\\', 'expected a character, found the end of the regular expression'],
    ['\\bfoo', 'expected \\d \\D \\s \\S \\w or \\W, found \\b'],
    ['"abc', 'expected " to end the quoted text'],
    ['a&b', "the operator & of Lucene's regular expressions is not supported"],
    ['~a', "the operator ~ of Lucene's regular expressions is not supported"],
    ['a<b', 'expected two numbers after <, as in <1-31>'],
    ['<name>', 'expected two numbers after <, as in <1-31>'],
    ['<1->', 'expected two numbers after <, as in <1-31>'],
  ])('refuses %s', (pattern, message) => {
    expect(luceneToRe2(pattern)).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('survives patterns made to hurt', () => {
    const spent = processorMs(() => {
      expect(matches('(a+)+b', `${'a'.repeat(30_000)}c`)).toBe(false);
      expect(luceneToRe2('('.repeat(10_000))).toMatchObject({ message: expect.stringContaining('at most') });
      expect(luceneRegexTest('(a{1000}){1000}', false)).toMatchObject({ code: 'bad-regex' });
      expect(luceneRegexTest('<1-999999999>'.repeat(70), false)).toMatchObject({ code: 'bad-regex' });
      expect(luceneRegexTest('[a-z]{1,9}'.repeat(100_000), false)).toMatchObject({ code: 'bad-regex' });
      expect(valueRegex('[a-z]{1,9}'.repeat(100_000), false)).toMatchObject({ code: 'bad-regex' });
      expect(luceneRegexTest('<1-9999999999>'.repeat(10), false)).toHaveProperty('op');
    });
    expect(spent).toBeLessThan(30_000);
  });
});
