// What a list has of everything there is.

import type { Atomic } from '../model/atomic.ts';
import type { Problem } from '../model/errors.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Mitigation } from '../model/mitigation.ts';
import type { Variant } from '../model/variant.ts';
import type { RuleNeeds } from '../rules/needs.ts';
import type { Rule } from '../rules/rule.ts';
import type { ListedSensor } from './sensors.ts';

/** The kinds that there are; by its name all of a kind is listed. */
export const listedKinds = ['atomics', 'rules', 'mitigations', 'targets', 'sensors'] as const;
export type ListedKind = (typeof listedKinds)[number];

/** What a list shows of a rule. */
export type ListedRule = Pick<
  Rule,
  'slug' | 'id' | 'title' | 'language' | 'level' | 'techniques' | 'file'
> & {
  /** Ids of the analytics of ATT&CK to which it belongs. */
  readonly analytics: readonly string[];
  /** The telemetry that it needs, and which sensors give it. */
  readonly needs: RuleNeeds;
};

/** A variant of an atomic, under its own name. */
export interface ListedVariant {
  readonly id: string;
  readonly atomic: Atomic;
  readonly variant: Variant;
}

/** How far the combinations of an atomic cover its pairs of values. */
export interface ListedPairs {
  readonly atomic: Atomic;
  readonly combinations: number;
  /** There are never more combinations of an atomic. */
  readonly most: number;
  readonly pairs: number;
  readonly uncovered: number;
  readonly excluded: number;
}

export interface Listing {
  /** Where they are asked for; then nothing else is listed. */
  variants: readonly ListedVariant[];
  /** Where combinations are asked for: one for each atomic that has any. */
  pairs?: readonly ListedPairs[];
  atomics: { atomic: Atomic; expectation: Expectation | undefined }[];
  rules: readonly ListedRule[];
  /** Those that no run judges by: for other systems, held against recorded events. */
  replayed: readonly ListedRule[];
  mitigations: readonly Mitigation[];
  targets: { name: string; title: string; verified: boolean }[];
  sensors: readonly ListedSensor[];
}

/** Everything there is, and what cannot be used. */
export interface WholeListing {
  readonly listing: Listing;
  readonly problems: readonly Problem[];
}
