// Selectors on the command line → the atomics they mean: technique, slug, GUID, tag or glob.

import type { Atomic } from '../model/atomic.ts';
import type { Problem } from '../model/errors.ts';
import { closestTo } from '../model/suggestion.ts';

/**
 * Picks atomics, in their own order and each once.
 * @param selectors none: all atomics. A technique takes its sub-techniques along; `attack` and `benign` are tags.
 * @returns the selection, and a problem (`selector/unknown`) for each selector that means nothing
 */
export function selectAtomics(
  selectors: readonly string[],
  atomics: readonly Atomic[],
): { selected: Atomic[]; problems: Problem[] } {
  if (selectors.length === 0) return { selected: [...atomics], problems: [] };
  const matchers = selectors.map((selector) => ({ selector, matches: matcherOf(selector) }));
  return {
    selected: atomics.filter((atomic) => matchers.some(({ matches }) => matches(selectableAtomic(atomic)))),
    problems: matchers
      .filter(({ matches }) => !atomics.some((atomic) => matches(selectableAtomic(atomic))))
      .map(({ selector }) => unknownSelector(selector, atomics)),
  };
}

/** What a selector can mean: globs are held against the slug and the techniques, everything else against all names. */
export interface Selectable {
  slug: string;
  /** GUID, tags and the like. */
  aliases: readonly string[];
  techniques: readonly string[];
}

export const selectableAtomic = ({ slug, guid, kind, tags, technique }: Atomic): Selectable => ({
  slug,
  aliases: [guid, kind, ...tags],
  techniques: [technique],
});

/** How one selector decides; for rules and mitigations too. Case does not matter. */
export function matcherOf(selector: string): (item: Selectable) => boolean {
  const wanted = selector.toLowerCase();
  const glob = /[*?]/.test(wanted) ? globToRegExp(wanted) : null;
  const parent = /^t\d{4}$/.test(wanted) ? `${wanted}.` : null;
  return ({ slug, aliases, techniques }) => {
    const names = [slug, ...techniques].map((name) => name.toLowerCase());
    if (glob) return names.some((name) => glob.test(name));
    if (parent && names.some((name) => name.startsWith(parent))) return true;
    return names.includes(wanted) || aliases.some((alias) => alias.toLowerCase() === wanted);
  };
}

/** `*` is any run of characters, `?` any one; a run of stars is one star, so that matching stays cheap. */
const globToRegExp = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/\*+/g, '*')
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );

function unknownSelector(selector: string, atomics: readonly Atomic[]): Problem {
  const names = atomics.flatMap(({ slug, technique, tags, guid }) => [slug, technique, ...tags, guid]);
  const closest = closestTo(selector, names);
  return {
    code: 'selector/unknown',
    message: `no atomic is meant by '${selector}'; expected a technique, slug, GUID, tag or glob`,
    place: { file: '<selector>', line: 1, column: 1 },
    ...(closest !== undefined && { hint: `Did you mean ${closest}?` }),
    severity: 'error',
  };
}
