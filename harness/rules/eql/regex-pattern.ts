// Regular expressions: on fields they are Lucene's, on computed values Java's; both run as RE2, in linear time.

import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { ProblemText } from '../../model/source.ts';
import { textTester } from '../match/value-test.ts';
import type { ValueTest } from '../predicate.ts';
import { maxFieldRegexLength, maxRegexLength } from './limits.ts';
import { luceneToRe2 } from './lucene-regex.ts';

/** The test of a field's values against a Lucene regular expression, or why there is none. */
export function luceneRegexTest(pattern: string, caseless: boolean): ValueTest | ProblemText {
  if (pattern.length > maxFieldRegexLength) return tooLong(maxFieldRegexLength);
  const translated = luceneToRe2(pattern);
  if (typeof translated !== 'string') return { code: 'bad-regex', ...translated };
  return (
    problemWith(translated) ?? {
      op: 'regex',
      source: translated,
      flags: caseless ? 'is' : 's',
      whole: true,
    }
  );
}

/** A warning about signs that other engines do not take literally: the pattern hardly means what it says. */
export function foreignSyntax(pattern: string): ProblemText | undefined {
  const [sign] = /^\^|(?<!\\)\(\?/.exec(pattern) ?? [];
  if (sign === undefined) return undefined;
  return {
    code: 'literal-sign',
    severity: 'warning',
    message: `\`${sign}\` stands for itself in Lucene's regular expressions`,
    hint: 'They have no anchors, as the whole value must match; to ignore case, write `regex~`.',
  };
}

/** A matcher of whole texts that the query computes, or why there is none. */
export function valueRegex(pattern: string, caseless: boolean): ((text: string) => boolean) | ProblemText {
  const key = `${caseless ? 'i' : ''}/${pattern}`;
  const known = valueRegexes.get(key);
  if (known !== undefined) return known;
  const problem = problemWith(pattern);
  if (problem !== undefined) return problem;
  const matches = textTester({ op: 'regex', source: pattern, flags: caseless ? 'i' : '', whole: true });
  if (valueRegexes.size < 1000) valueRegexes.set(key, matches);
  return matches;
}

/** Patterns are literals of queries, so there are few; compiled once each. */
const valueRegexes = new Map<string, (text: string) => boolean>();

function problemWith(source: string): ProblemText | undefined {
  if (source.length > maxRegexLength) return tooLong(maxRegexLength);
  try {
    RE2JS.compile(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return { code: 'bad-regex', message: `expected a regular expression, found ${error.message}` };
  }
}

const tooLong = (limit: number): ProblemText => ({
  code: 'bad-regex',
  message: `expected a regular expression of at most ${limit} characters`,
});
