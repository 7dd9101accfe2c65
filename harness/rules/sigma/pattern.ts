// Sigma's strings: `*` and `?` are wildcards, a backslash takes their meaning away.

import { anyOne, anyRun, type ValueTest, type WildcardPattern } from '../predicate.ts';

/**
 * Reads a string: `\*`, `\?` and `\\` are the plain characters, any other backslash stands for itself.
 * So `\\*` is a backslash and a wildcard, `\\\*` a backslash and a star.
 */
export function parsePattern(text: string): WildcardPattern {
  const parts: (string | typeof anyRun | typeof anyOne)[] = [];
  let literal = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      at += 1;
    } else if (character === '*' || character === '?') {
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push(character === '*' ? anyRun : anyOne);
    } else {
      literal += character;
    }
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

/** The shortest string that reads as this pattern: backslashes are doubled only where they would escape something. */
export function printPattern(pattern: WildcardPattern): string {
  let text = '';
  for (const [index, part] of pattern.entries()) {
    if (part === anyRun) text += '*';
    else if (part === anyOne) text += '?';
    else text += escapeLiteral(part, index < pattern.length - 1);
  }
  return text;
}

function escapeLiteral(literal: string, wildcardFollows: boolean): string {
  return literal.replace(/\\+|[*?]/g, (run, at: number) => {
    if (!run.startsWith('\\')) return `\\${run}`;
    const end = at + run.length;
    const next = literal.charAt(end);
    const followed = next === '*' || next === '?' || (end === literal.length && wildcardFollows);
    // A lone backslash before an ordinary character, or at the end, stands for itself.
    return run.length === 1 && !followed ? run : run + run;
  });
}

/** Adjacent literals joined, runs of `*` made one. */
export function normalizePattern(pattern: WildcardPattern): WildcardPattern {
  const parts: (string | typeof anyRun | typeof anyOne)[] = [];
  for (const part of pattern) {
    const last = parts.at(-1);
    if (part === '' || (part === anyRun && last === anyRun)) continue;
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
  return parts;
}

/** The cheapest test that does what the pattern says. */
export function testOfPattern(pattern: WildcardPattern, caseless: boolean): ValueTest {
  const parts = normalizePattern(pattern);
  const [first, second, third] = parts;
  if (first === undefined) return { op: 'equals', value: '', caseless };
  if (parts.length === 1) {
    if (first === anyRun) return { op: 'exists' };
    if (typeof first === 'string') return { op: 'equals', value: first, caseless };
  }
  if (parts.length === 2) {
    if (typeof first === 'string' && second === anyRun) return { op: 'starts-with', value: first, caseless };
    if (first === anyRun && typeof second === 'string') return { op: 'ends-with', value: second, caseless };
  }
  if (parts.length === 3 && first === anyRun && typeof second === 'string' && third === anyRun) {
    return { op: 'contains', value: second, caseless };
  }
  return { op: 'wildcard', pattern: parts, caseless };
}

export const hasWildcards = (pattern: WildcardPattern): boolean =>
  pattern.some((part) => typeof part !== 'string');

/** The text of a pattern without wildcards. */
export const literalOf = (pattern: WildcardPattern): string =>
  pattern.filter((part) => typeof part === 'string').join('');
