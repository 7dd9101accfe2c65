// Selectors that name variants, `cron-d-drop~writer=tee` or a glob of such, beside those that name atomics.

import { matcherOf, selectAtomics } from '../content/select-atomics.ts';
import {
  canVary,
  chooseVariants,
  combineVariant,
  type VariantChoice,
} from '../engine/run/choose-variants.ts';
import type { Choice } from '../engine/run/pairs.ts';
import type { Atomic } from '../model/atomic.ts';
import type { Axis } from '../model/axis.ts';
import type { Problem } from '../model/errors.ts';
import { closestTo } from '../model/suggestion.ts';
import { type Variant, variantName } from '../model/variant.ts';

export interface SelectedProcedures {
  /** In their own order, each once; that of a selected variant is one of them: it runs along, to be compared with. */
  readonly selected: readonly Atomic[];
  /** Those that were named by their id, and those of the choice. */
  variantsOf(atomic: Atomic): readonly Variant[];
  /** One for each selector that means nothing. */
  readonly problems: readonly Problem[];
}

/**
 * What selectors mean.
 * @param choice variants of the atomics that are selected as a whole
 */
export function selectProcedures(
  selectors: readonly string[],
  atomics: readonly Atomic[],
  axes: readonly Axis[],
  choice: VariantChoice,
): SelectedProcedures {
  const ofVariants = selectors.filter((selector) => selector.includes('~'));
  const ofAtomics = selectors.filter((selector) => !selector.includes('~'));
  const whole =
    ofAtomics.length > 0 || ofVariants.length === 0
      ? selectAtomics(ofAtomics, atomics)
      : { selected: [], problems: [] };
  const chosen = new Set(whole.selected.map(({ guid }) => guid));
  const named = new Map<string, Variant[]>();
  const problems = [...whole.problems];
  for (const selector of ofVariants) {
    const found = atomics.flatMap((atomic) =>
      variantsNamed(selector, atomic, axes).map((variant) => ({ atomic, variant })),
    );
    if (found.length === 0) problems.push(unknownVariant(selector, atomics, axes));
    for (const { atomic, variant } of found) {
      named.set(atomic.guid, [...(named.get(atomic.guid) ?? []), variant]);
    }
  }
  return {
    selected: atomics.filter(({ guid }) => chosen.has(guid) || named.has(guid)),
    variantsOf: (atomic) =>
      eachOnce([
        ...(chosen.has(atomic.guid) ? chooseVariants(choice, axes, atomic) : []),
        ...(named.get(atomic.guid) ?? []),
      ]),
    problems,
  };
}

/** Variants of an atomic by their id, in whatever case; globs mean variants of one change. */
export function variantsNamed(selector: string, atomic: Atomic, axes: readonly Axis[]): Variant[] {
  if (!canVary(atomic)) return [];
  const matches = matcherOf(selector);
  const found = axes
    .flatMap((axis) => chooseVariants({ kind: 'axes', names: [axis.axis] }, axes, atomic))
    .filter((variant) => matches({ slug: variantName(atomic.slug, variant), aliases: [], techniques: [] }));
  if (found.length > 0) return found;
  const [slug, ...changes] = selector.split('~');
  if (changes.length < 2 || !matcherOf(slug ?? '')({ slug: atomic.slug, aliases: [], techniques: [] })) {
    return [];
  }
  const values = changes.map((change): Choice => {
    const [axis = '', value = ''] = change.split('=');
    return { axis, value };
  });
  const combined = combineVariant(values, axes, atomic);
  return combined ? [combined] : [];
}

const eachOnce = (variants: readonly Variant[]): Variant[] => [
  ...new Map(variants.map((variant) => [variantName('', variant), variant])).values(),
];

function unknownVariant(selector: string, atomics: readonly Atomic[], axes: readonly Axis[]): Problem {
  const closest = closestTo(selector, allVariantNames(atomics, axes));
  return {
    code: 'selector/unknown',
    message: `no variant is meant by '${selector}'; expected ATOMIC~AXIS=VALUE or a glob of such`,
    place: { file: '<selector>', line: 1, column: 1 },
    hint: closest === undefined ? 'See what there is: atomclock list --variants' : `Did you mean ${closest}?`,
    severity: 'error',
  };
}

/** What the variants of one change are called. */
export const allVariantNames = (atomics: readonly Atomic[], axes: readonly Axis[]): string[] =>
  atomics.flatMap((atomic) =>
    chooseVariants({ kind: 'all' }, axes, atomic).map((variant) => variantName(atomic.slug, variant)),
  );
