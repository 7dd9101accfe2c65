// The modifiers that change a text: what is left is one pattern, or several of which one must match.

import type { Place } from '../../model/place.ts';
import { anyRun, type WildcardPattern } from '../predicate.ts';
import {
  type ByteString,
  base64,
  base64Offsets,
  byteOrderMark,
  isAscii,
  utf8Bytes,
  utf16Bytes,
} from './encoding.ts';
import type { CheckedModifier } from './modifier.ts';
import { hasWildcards, literalOf, normalizePattern, parsePattern, printPattern } from './pattern.ts';
import { type Placeholders, parseTemplate } from './placeholder.ts';
import type { Report } from './report.ts';
import { dashVariants } from './windash.ts';

/** More ways than this to spell one value are refused. */
const mostVariants = 5_000;

export interface TextContext {
  readonly place: Place;
  readonly report: Report;
  readonly placeholders: Placeholders;
}

/** Applies modifiers to a text in their order. Gives undefined after reporting when one can't be applied. */
export function textVariants(
  text: string,
  modifiers: readonly CheckedModifier[],
  context: TextContext,
): readonly WildcardPattern[] | undefined {
  let variants: readonly Variant[] = [{ pattern: parsePattern(text), bytes: false }];
  for (const modifier of modifiers) {
    const applied: Variant[] = [];
    for (const variant of variants) {
      const results = applyModifier(variant, modifier, context);
      if (results === undefined) return undefined;
      applied.push(...results);
    }
    if (applied.length > mostVariants) return tooMany(context);
    variants = applied;
  }
  const patterns: WildcardPattern[] = [];
  for (const variant of variants) {
    const pattern = textOfBytes(variant, context);
    if (pattern === undefined) return undefined;
    patterns.push(normalizePattern(pattern));
  }
  return patterns;
}

interface Variant {
  readonly pattern: WildcardPattern;
  /** Each character of the literals is a byte, not a character. */
  readonly bytes: boolean;
}

function applyModifier(
  variant: Variant,
  { name }: CheckedModifier,
  context: TextContext,
): readonly Variant[] | undefined {
  const { pattern } = variant;
  switch (name) {
    case 'contains':
      return [{ ...variant, pattern: [anyRun, ...pattern, anyRun] }];
    case 'startswith':
      return [{ ...variant, pattern: [...pattern, anyRun] }];
    case 'endswith':
      return [{ ...variant, pattern: [anyRun, ...pattern] }];
    case 'wide':
    case 'utf16le':
      return [encode(variant, (text) => utf16Bytes(text, 'le'))];
    case 'utf16be':
      return [encode(variant, (text) => utf16Bytes(text, 'be'))];
    case 'utf16': {
      const encoded = encode(variant, (text) => utf16Bytes(text, 'le'));
      return [{ ...encoded, pattern: [byteOrderMark, ...encoded.pattern] }];
    }
    case 'base64':
    case 'base64offset':
      return applyBase64(variant, name, context);
    case 'windash': {
      const forms = dashVariants(pattern, mostVariants);
      return forms === undefined ? tooMany(context) : forms.map((form) => ({ ...variant, pattern: form }));
    }
    case 'expand': {
      const texts = expandPlaceholders(printPattern(pattern), context);
      return texts?.map((text) => ({ ...variant, pattern: parsePattern(text) }));
    }
    default:
      // all, neq and cased say how the text is matched, not what it is.
      return [variant];
  }
}

/** Bytes that are encoded once more are taken as the characters of the same number. */
const encode = ({ pattern }: Variant, encoder: (text: string) => ByteString): Variant => ({
  pattern: pattern.map((part) => (typeof part === 'string' ? encoder(part) : part)),
  bytes: true,
});

function applyBase64(
  { pattern, bytes }: Variant,
  name: 'base64' | 'base64offset',
  { report, place }: TextContext,
): readonly Variant[] | undefined {
  if (hasWildcards(pattern)) {
    return report.error(
      'base64',
      place,
      `a value with wildcards can't be encoded in Base64`,
      'Escape the wildcards with a backslash if they are meant as characters.',
    );
  }
  const literal = literalOf(pattern);
  const input = bytes ? literal : utf8Bytes(literal);
  if (name === 'base64') return [{ pattern: [base64(input)], bytes: false }];
  if (input.length < 2) {
    return report.error(
      'base64',
      place,
      'the value is too short: nothing of it shows at each of the three offsets',
    );
  }
  return base64Offsets(input).map((text) => ({ pattern: [text], bytes: false }));
}

/** Bytes that no Base64 followed are looked for as they appear in a text field: one character for each. */
function textOfBytes(
  { pattern, bytes }: Variant,
  { report, place }: TextContext,
): WildcardPattern | undefined {
  if (!bytes) return pattern;
  const [first, ...rest] = pattern;
  const marked = first === byteOrderMark ? ['\ufeff', ...rest] : pattern;
  if (marked.every((part) => typeof part !== 'string' || part === '\ufeff' || isAscii(part))) return marked;
  return report.error(
    'utf16',
    place,
    'only ASCII text can be looked for in UTF-16 as it is',
    'Encode it: `wide|base64offset|contains`.',
  );
}

/** Fills the placeholders of a text; gives undefined after reporting when a value is missing. */
export function expandPlaceholders(
  text: string,
  context: TextContext,
  spell: (value: string) => string = (value) => value,
): readonly string[] | undefined {
  const { placeholders, report, place } = context;
  const template = parseTemplate(text);
  const valuesOf = (name: string): readonly string[] =>
    Object.hasOwn(placeholders, name) ? (placeholders[name] ?? []) : [];
  const missing = template.names.find((name) => valuesOf(name).length === 0);
  if (missing !== undefined) {
    return report.error(
      'placeholder',
      place,
      `no values are given for the placeholder \`%${missing}%\``,
      `Without them the rule has no meaning of its own, so it is not used. Give them: --placeholder ${missing}=VALUE, once for each.`,
    );
  }
  return template.fill((name) => valuesOf(name).map(spell), mostVariants) ?? tooMany(context);
}

const tooMany = ({ report, place }: TextContext): undefined =>
  report.error('too-many-variants', place, `there are more than ${mostVariants} ways to spell this value`);
