// Compiles regular expressions of untrusted rules so that none of them can hang a run.

import { RE2JS } from 're2js';

export interface RegexOptions {
  /** Any of i, m, s. */
  readonly flags: string;
  /** Must the whole text match, or is a match anywhere enough? */
  readonly whole: boolean;
}

/**
 * Prepares a pattern in RE2 syntax; the result tells whether a text matches.
 * Throws RE2JSSyntaxException when the pattern is not RE2 (the lowering has checked it before).
 */
export function regexMatcher(source: string, { flags, whole }: RegexOptions): (text: string) => boolean {
  const pattern = RE2JS.compile(whole ? `\\A(?:${source})\\z` : source, flagBits(flags));
  return (text) => pattern.test(text);
}

function flagBits(flags: string): number {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  return bits;
}
