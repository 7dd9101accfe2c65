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
    selected: atomics.filter((atomic) => matchers.some(({ matches }) => matches(atomic))),
    problems: matchers
      .filter(({ matches }) => !atomics.some(matches))
      .map(({ selector }) => unknownSelector(selector, atomics)),
  };
}

/** How one selector decides; usable for anything that has names and techniques. */
export function matcherOf(
  selector: string,
): (item: Pick<Atomic, 'slug' | 'guid' | 'technique' | 'tags' | 'kind'>) => boolean {
  const wanted = selector.toLowerCase();
  const glob = /[*?]/.test(wanted) ? globToRegExp(wanted) : null;
  return ({ slug, guid, technique, tags, kind }) => {
    const id = technique.toLowerCase();
    if (glob) return glob.test(slug) || glob.test(id);
    return (
      [slug, guid, id, kind, ...tags].includes(wanted) || (isTechnique(wanted) && id.startsWith(`${wanted}.`))
    );
  };
}

const isTechnique = (text: string): boolean => /^t\d{4}$/.test(text);

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
    hint: closest ? `Did you mean ${closest}?` : 'See: atomclock list',
    severity: 'error',
  };
}
