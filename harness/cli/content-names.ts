// The names of the bundled content, for completion.

import { list } from '../main/list.ts';
import { bundledAxes } from '../main/load-content.ts';
import { selectProcedures } from '../main/select-variants.ts';
import type { Atomic } from '../model/atomic.ts';
import type { Axis } from '../model/axis.ts';
import { variantName } from '../model/variant.ts';
import type { ContentNames, VariantNames } from './command.ts';

/** All names of a kind, each once. */
export async function contentNames(): Promise<ContentNames> {
  const { listing } = await list({ selectors: [], atomics: [], rules: [], variants: null }, () => {});
  const atomics = listing.atomics.map(({ atomic }) => atomic);
  const axes = bundledAxes(() => {});
  const selectors = atomics.flatMap(({ slug, technique, tags }) => [slug, technique, ...tags]);
  const mitigations = listing.mitigations.map(({ id }) => id);
  return {
    selectors: unique(selectors),
    content: unique([...selectors, ...listing.rules.map(({ slug }) => slug), ...mitigations]),
    mitigations: unique([...mitigations, 'all', 'none']),
    targets: listing.targets.map(({ name }) => name),
    axes: [...axes.map(({ axis }) => axis), 'all', 'none', 'pairs'],
    variants: variantNames(atomics, axes),
  };
}

/** Atomics that vary alike stand together: there are thousands of variants, and few ways to vary. */
function variantNames(atomics: readonly Atomic[], axes: readonly Axis[]): VariantNames[] {
  const { variantsOf } = selectProcedures([], atomics, axes, { kind: 'all' });
  const all = atomics.map((atomic) => ({
    slug: atomic.slug,
    changes: variantsOf(atomic).map((variant) => variantName('', variant).slice('~'.length)),
  }));
  return [...Map.groupBy(all, ({ changes }) => changes.join(' ')).values()].flatMap((alike) => {
    const changes = alike[0]?.changes ?? [];
    return changes.length > 0 ? [{ slugs: alike.map(({ slug }) => slug), changes }] : [];
  });
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
