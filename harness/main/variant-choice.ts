// How variants are asked for by name, on the command line and in the library.

import type { VariantChoice } from '../engine/run/choose-variants.ts';
import { mostCombinations } from '../engine/run/pairs.ts';

/**
 * What names ask for: axes, or one of `all`, `none`, `pairs` and `pairs=N` by itself; none of them is `none`.
 * @returns null where they are no choice
 */
export function variantChoice(names: readonly string[]): VariantChoice | null {
  const [only = 'none', ...others] = new Set(names);
  if (others.length > 0) {
    return [only, ...others].some(isWord) ? null : { kind: 'axes', names: [only, ...others] };
  }
  if (only === 'all' || only === 'none') return { kind: only };
  if (!isWord(only)) return { kind: 'axes', names: [only] };
  const pairs = /^pairs(?:=([1-9]\d{0,5}))?$/.exec(only);
  return pairs && { kind: 'pairs', most: Number(pairs[1] ?? mostCombinations) };
}

const isWord = (name: string): boolean => /^(?:all|none|pairs)$|^pairs=/.test(name);
