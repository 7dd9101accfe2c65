// The `windash` modifier: Windows programs take several characters for the dash that begins an option.

import type { WildcardPattern } from '../predicate.ts';

/** Hyphen, slash, en dash, em dash, horizontal bar. */
const dashes = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;

/**
 * Every way to write the pattern with other dashes; the pattern itself is the first.
 * A dash counts when a word begins right after it and none ends right before it: the one in ` -enc`, not the one
 * in `foo-bar`. Gives undefined when there would be more than `limit` ways.
 */
export function dashVariants(
  pattern: WildcardPattern,
  limit: number,
): readonly WildcardPattern[] | undefined {
  let variants: WildcardPattern[] = [[]];
  for (const part of pattern) {
    const forms: WildcardPattern | undefined = typeof part === 'string' ? formsOf(part, limit) : [part];
    if (forms === undefined || variants.length * forms.length > limit) return undefined;
    variants = variants.flatMap((variant) => forms.map((form) => [...variant, form]));
  }
  return variants;
}

const optionDash = /(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/gu;

function formsOf(literal: string, limit: number): readonly string[] | undefined {
  let forms = [''];
  let from = 0;
  for (const { 0: dash, index } of literal.matchAll(optionDash)) {
    const before = literal.slice(from, index);
    from = index + 1;
    if (forms.length * dashes.length > limit) return undefined;
    // The dash as it was written comes first.
    const alternatives = [dash, ...dashes.filter((other) => other !== dash)];
    forms = forms.flatMap((form) => alternatives.map((alternative) => form + before + alternative));
  }
  return forms.map((form) => form + literal.slice(from));
}
