// The names of the bundled content, for completion.

import { list } from '../main/list.ts';
import { bundledAxes } from '../main/load-content.ts';
import type { NameKind } from './command.ts';

/** All names of a kind, each once. */
export async function contentNames(): Promise<Record<NameKind, readonly string[]>> {
  const { listing } = await list({ selectors: [], atomics: [], rules: [], variants: null }, () => {});
  const selectors = listing.atomics.flatMap(({ atomic: { slug, technique, tags } }) => [
    slug,
    technique,
    ...tags,
  ]);
  const mitigations = listing.mitigations.map(({ id }) => id);
  return {
    selectors: unique(selectors),
    content: unique([...selectors, ...listing.rules.map(({ slug }) => slug), ...mitigations]),
    mitigations: unique([...mitigations, 'all', 'none']),
    targets: listing.targets.map(({ name }) => name),
    axes: [...bundledAxes(() => {}).map(({ axis }) => axis), 'all', 'none', 'pairs'],
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
