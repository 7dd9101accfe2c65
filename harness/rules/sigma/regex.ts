// Regular expressions of rules are PCRE; the engine runs RE2 syntax, which takes linear time on any text. What both
// write differently is translated, what RE2 cannot do is refused by name.

import { RE2JS } from 're2js';
import {
  classEscapeAt,
  escapeAt,
  horizontalSpace,
  quoteRegex,
  type RegexFault,
  verticalSpace,
} from './regex-escape.ts';

export type TranslatedRegex =
  | { readonly ok: true; readonly source: string }
  | { readonly ok: false; readonly fault: RegexFault };

/** Counts above this are refused: each costs that many states. */
const longestRepeat = 5_000;

/** Translates a PCRE pattern to RE2 syntax and checks the result. */
export function translateRegex(pattern: string): TranslatedRegex {
  const scan: Scan = { pattern, at: 0, out: '', atom: undefined, groups: [] };
  while (scan.at < pattern.length) {
    const fault = scanOne(scan);
    if (fault !== undefined) return { ok: false, fault };
  }
  try {
    RE2JS.compile(scan.out);
  } catch (cause) {
    return { ok: false, fault: faultOf(pattern, cause) };
  }
  return { ok: true, source: scan.out };
}

interface Scan {
  readonly pattern: string;
  at: number;
  out: string;
  /** Where in `out` the last atom starts: what a quantifier applies to. */
  atom: number | undefined;
  /** Where in `out` each open group starts. */
  readonly groups: number[];
}

/** Reads one atom, quantifier or parenthesis; gives the fault when it can't be translated. */
function scanOne(scan: Scan): RegexFault | undefined {
  const { pattern, at } = scan;
  switch (pattern[at]) {
    case '\\':
      return scanEscape(scan);
    case '[':
      return scanClass(scan);
    case '(':
      return scanGroup(scan);
    case ')':
      emit(scan, ')', ')');
      scan.atom = scan.groups.pop();
      return undefined;
    case '*':
    case '+':
    case '?':
      return scanQuantifier(scan, pattern.charAt(at));
    case '{': {
      const repeat = /^\{(\d+)(?:(,)(\d*))?\}/.exec(pattern.slice(at, at + 40));
      if (repeat === null) return emitAtom(scan, '{', '\\{');
      return scanRepeat(scan, repeat);
    }
    default: {
      const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
      return emitAtom(scan, character, character);
    }
  }
}

/** Consumes `read` and writes `written`, which a quantifier can't apply to. */
function emit(scan: Scan, read: string, written: string): undefined {
  scan.at += read.length;
  scan.out += written;
  scan.atom = undefined;
}

function emitAtom(scan: Scan, read: string, written: string): undefined {
  const start = scan.out.length;
  emit(scan, read, written);
  scan.atom = start;
}

function scanQuantifier(scan: Scan, quantifier: string): RegexFault | undefined {
  const { pattern, at } = scan;
  const after = pattern[at + quantifier.length];
  if (after === '+') {
    return {
      index: at,
      message: `possessive quantifiers (\`${quantifier}+\`) are not supported`,
      hint: drop('+'),
    };
  }
  const lazy = after === '?' ? '?' : '';
  return emit(scan, quantifier + lazy, quantifier + lazy);
}

const drop = (what: string) => `Without the \`${what}\` the pattern matches the same texts, or more.`;

/** RE2 counts to 1000; more is spelled as several counts in a row. */
function scanRepeat(
  scan: Scan,
  [whole, low = '', comma, high = '']: RegExpExecArray,
): RegexFault | undefined {
  const [least, most] = [Number(low), high === '' ? undefined : Number(high)];
  const largest = Math.max(least, most ?? 0);
  if (largest > longestRepeat) {
    return {
      index: scan.at,
      message: `repeated more than ${longestRepeat} times`,
      hint: 'Use a smaller count.',
    };
  }
  if (largest <= 1000 || scan.atom === undefined) return scanQuantifier(scan, whole);
  const atom = scan.out.slice(scan.atom);
  const start = scan.atom;
  const fault = scanQuantifier(scan, whole);
  if (fault !== undefined) return fault;
  const required = counts(least).map((count) => `${atom}{${count}}`);
  const optional = most === undefined ? [] : counts(most - least).map((count) => `${atom}{0,${count}}`);
  const open = comma !== undefined && most === undefined ? [`${atom}*`] : [];
  const rest = comma === undefined ? [] : [...optional, ...open];
  scan.out = `${scan.out.slice(0, start)}(?:${[...required, ...rest].join('')})`;
  return undefined;
}

function counts(total: number): number[] {
  const full = Array<number>(Math.floor(total / 1000)).fill(1000);
  return total % 1000 === 0 ? full : [...full, total % 1000];
}

function scanGroup(scan: Scan): RegexFault | undefined {
  const { pattern, at } = scan;
  const rest = pattern.slice(at, at + 80);
  const comment = /^\(\?#[^)]*\)/.exec(rest);
  if (comment !== null) {
    scan.at += comment[0].length;
    return undefined;
  }
  const refused = refusedGroups.find(([prefix]) => prefix.test(rest));
  if (refused !== undefined) {
    const [, feature, hint] = refused;
    return { index: at, message: `${feature} not supported`, ...(hint === undefined ? {} : { hint }) };
  }
  const start = scan.out.length;
  const named = /^\(\?(?:P?<|')([A-Za-z_]\w*)[>']/.exec(rest);
  const flags = /^\(\?[imsU]*(?:-[imsU]+)?([:)])/.exec(rest);
  if (rest.startsWith('(?') && named === null && flags === null) {
    return { index: at, message: `\`${rest.slice(0, 4)}…\` is not a group that is supported` };
  }
  if (named !== null) emit(scan, named[0], `(?P<${named[1]}>`);
  else if (flags !== null) emit(scan, flags[0], flags[0]);
  else emit(scan, '(', '(');
  if (flags?.[1] !== ')') scan.groups.push(start);
  return undefined;
}

const lookaroundHint = 'Say the exclusion in a detection of its own: `selection and not filter`.';

/** What RE2 leaves out, by how it begins. */
const refusedGroups: readonly (readonly [RegExp, string, string?])[] = [
  [/^\(\?=/, 'lookahead (`(?=`) is', 'Use a second detection for the second condition.'],
  [/^\(\?!/, 'negative lookahead (`(?!`) is', lookaroundHint],
  [/^\(\?<=/, 'lookbehind (`(?<=`) is', 'Use a second detection for the second condition.'],
  [/^\(\?<!/, 'negative lookbehind (`(?<!`) is', lookaroundHint],
  [/^\(\?>/, 'an atomic group (`(?>`) is', 'With `(?:` the pattern matches the same texts, or more.'],
  [/^\(\?P=/, 'a backreference (`(?P=`) is'],
  [/^\(\?(?:R|[+-]?\d+|&|P>)/, 'recursion is'],
  [/^\(\?\(/, 'a conditional group (`(?(`) is'],
  [/^\(\?\|/, 'a branch reset group (`(?|`) is', 'Use `(?:` instead.'],
  [/^\(\?C/, 'a callout (`(?C`) is'],
  [/^\(\?[a-zA-Z]*x/, 'extended mode (`x`) is', 'Write the pattern without white space and comments.'],
  [/^\(\*/, 'a verb (`(*`) is'],
];

function scanEscape(scan: Scan): RegexFault | undefined {
  const { pattern, at } = scan;
  const letter = pattern[at + 1];
  if (letter === undefined) return { index: at, message: 'a lone backslash at the end of the pattern' };
  const read = `\\${letter}`;
  switch (letter) {
    case 'Q': {
      const end = pattern.indexOf('\\E', at);
      const quoted = pattern.slice(at + 2, end < 0 ? pattern.length : end);
      for (const character of quoted) emitAtom(scan, character, quoteRegex(character));
      scan.at = end < 0 ? pattern.length : end + 2;
      return undefined;
    }
    case 'E':
      scan.at += 2;
      return undefined;
    case 'A':
    case 'z':
    case 'b':
    case 'B':
      return emit(scan, read, read);
    case 'Z':
      return emit(scan, read, '(?:\\n?\\z)');
    case 'R':
      return emitAtom(scan, read, `(?:\\r\\n|[${verticalSpace}])`);
    case 'N':
      return emitAtom(scan, read, '[^\\n]');
    case 'h':
    case 'v':
      return emitAtom(scan, read, `[${letter === 'h' ? horizontalSpace : verticalSpace}]`);
    case 'H':
    case 'V':
      return emitAtom(scan, read, `[^${letter === 'H' ? horizontalSpace : verticalSpace}]`);
    default: {
      const found = escapeAt(pattern, at);
      return 'fault' in found ? found.fault : emitAtom(scan, found.read, found.written);
    }
  }
}

/** A character class, copied but for its escapes. */
function scanClass(scan: Scan): RegexFault | undefined {
  const { pattern } = scan;
  const opening = /^\[\^?\]?/.exec(pattern.slice(scan.at, scan.at + 3))?.[0] ?? '[';
  let at = scan.at + opening.length;
  // A `]` that comes first is a plain one.
  let written = opening.replace(']', '\\]');
  while (at < pattern.length && pattern[at] !== ']') {
    const posix = /^\[:\^?[a-z]+:\]/.exec(pattern.slice(at, at + 20));
    if (posix !== null) {
      written += posix[0];
      at += posix[0].length;
    } else if (pattern[at] === '\\') {
      const found = classEscapeAt(pattern, at);
      if ('fault' in found) return found.fault;
      written += found.written;
      at += found.read.length;
    } else {
      const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
      written += character === '[' ? '\\[' : character;
      at += character.length;
    }
  }
  if (at >= pattern.length) return { index: scan.at, message: 'this character class is never closed' };
  return emitAtom(scan, pattern.slice(scan.at, at + 1), `${written}]`);
}

/** The library names the part it does not like; the first place where it occurs is good enough. */
function faultOf(pattern: string, cause: unknown): RegexFault {
  const message = cause instanceof Error ? cause.message : String(cause);
  const part = /`(.*)`/s.exec(message)?.[1] ?? '';
  const index = Math.max(0, pattern.indexOf(part));
  const reason = message.replace(/^error parsing regexp:\s*/, '').replace(/:\s*`.*`$/s, '');
  return {
    index,
    message: `not a valid regular expression: ${reason}${part === '' ? '' : ` at \`${part}\``}`,
  };
}
