// Patterns with * and ?: what the `:` and `like` operators compare with.

import type { TextTest } from '../match/value-test.ts';
import { anyOne, anyRun, type WildcardPattern } from '../predicate.ts';

/** The test for a pattern, as plain as the pattern allows. There is no escape: * and ? are always wildcards. */
export function wildcardTest(pattern: string, caseless: boolean): TextTest {
  const [, before, inner = '', after] = /^(\*?)([^*?]*)(\*?)$/.exec(pattern) ?? [];
  if (before === undefined || (inner === '' && (before !== '' || after !== ''))) {
    return { op: 'wildcard', pattern: parsePattern(pattern), caseless };
  }
  if (before === '' && after === '') return { op: 'equals', value: inner, caseless };
  if (before === '') return { op: 'starts-with', value: inner, caseless };
  return { op: after === '' ? 'ends-with' : 'contains', value: inner, caseless };
}

/** The test for a pattern of Elasticsearch's wildcard query: there, a backslash makes the next character a plain one. */
export function escapedWildcardTest(pattern: string, caseless: boolean): TextTest {
  const parts = pattern.match(/[*?]|(?:\\.|[^*?\\]|\\$)+/gs) ?? [];
  return {
    op: 'wildcard',
    pattern: parts.map((part) =>
      part === '*' ? anyRun : part === '?' ? anyOne : part.replace(/\\(.)/gs, '$1'),
    ),
    caseless,
  };
}

function parsePattern(pattern: string): WildcardPattern {
  return pattern
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? anyRun : part === '?' ? anyOne : part));
}
