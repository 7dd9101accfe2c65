// Runs regular expressions of untrusted rules so that none of them can hang a run: RE2 does all of them in linear
// time, but slowly; JavaScript's engine is fast, and takes those it is proven to finish with in bounded time.

import { RE2JS } from 're2js';
import { lazily } from '../../model/lazily.ts';
import { BoundedMap } from './bounds.ts';
import { requiredLiterals } from './regex-literals.ts';
import { longestSafeText } from './regex-proof.ts';
import { escapeCharacter, parseRegex, type Regex } from './regex-syntax.ts';

export interface RegexOptions {
  /** Any of i, m, s, with RE2's meaning. */
  readonly flags: string;
  /** Must the whole text match, or is a match anywhere enough? */
  readonly whole: boolean;
}

/**
 * Prepares a pattern in RE2 syntax; the result tells whether a text matches.
 * Throws RE2JS's RE2JSSyntaxException when it is none; lowering has checked that before.
 */
export function regexMatcher(source: string, options: RegexOptions): (text: string) => boolean {
  const syntax = parseRegex(source);
  const longest = syntax === undefined ? 0 : longestSafeText(syntax, steps);
  const re2 = lazily(() => re2Matcher(source, options));
  if (syntax === undefined || longest < shortestWorthwhile) {
    // Wrong patterns are to be refused now, not at the first event.
    return re2();
  }
  const native = nativePattern(syntax, options);
  return (text) => (text.length <= longest ? native.test(text) : re2()(text));
}

/** Literals of which every matching text holds at least one, in any case; undefined when no such list is known. */
export function regexLiterals(source: string, { flags }: RegexOptions): readonly string[] | undefined {
  const syntax = parseRegex(source);
  return syntax && requiredLiterals(syntax, flags.includes('i'));
}

/** A few milliseconds of the native engine at worst. */
const steps = 1_000_000;
const shortestWorthwhile = 32;

/** RE2 takes microseconds: what it said of values that come again and again is remembered. */
function re2Matcher(source: string, { flags, whole }: RegexOptions): (text: string) => boolean {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  const pattern = RE2JS.compile(whole ? `\\A(?:${source})\\z` : source, bits);
  const remembered = new BoundedMap<boolean>(rememberedTexts);
  return (text) => {
    if (text.length > longestRemembered) return pattern.test(text);
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const matches = pattern.test(text);
    remembered.set(text, matches, 0);
    return matches;
  };
}

const rememberedTexts = 1024;
const longestRemembered = 256;

/** The pattern in JavaScript's syntax with RE2's meaning: every construct is spelled out, no flag but `u` and `i`. */
function nativePattern(syntax: Regex, { flags, whole }: RegexOptions): RegExp {
  const body = nativeSource(syntax, flags);
  return new RegExp(whole ? `^(?:${body})$` : body, flags.includes('i') ? 'ui' : 'u');
}

function nativeSource(regex: Regex, flags: string): string {
  switch (regex.kind) {
    case 'char':
      return escapeCharacter(regex.text);
    case 'class':
      return `[${regex.negated ? '^' : ''}${regex.members}]`;
    case 'any':
      return flags.includes('s') ? '[^]' : '[^\\n]';
    case 'assertion':
      return nativeAssertion(regex.of, flags.includes('m'));
    case 'sequence':
      return regex.of.map((part) => nativeSource(part, flags)).join('');
    case 'choice':
      return `(?:${regex.of.map((part) => nativeSource(part, flags)).join('|')})`;
    case 'repeat':
      return `(?:${nativeSource(regex.of, flags)})${quantifier(regex.min, regex.max)}`;
  }
}

const quantifier = (min: number, max: number): string =>
  `{${min},${max === Number.POSITIVE_INFINITY ? '' : max}}`;

function nativeAssertion(of: Extract<Regex, { kind: 'assertion' }>['of'], isMultiline: boolean): string {
  switch (of) {
    case '^':
      return isMultiline ? '(?<=^|\\n)' : '^';
    case '$':
      return isMultiline ? '(?=\\n|$)' : '$';
    case '\\A':
      return '^';
    case '\\z':
      return '$';
    // RE2's words are ASCII; with `ui` JavaScript's are not.
    case '\\b':
      return '(?-i:\\b)';
  }
}
