// Atomics, rules, mitigations, targets and sensors: those that selectors mean, or all there are.

import { type Catalogue, loadCatalogue } from '../content/catalogue.ts';
import { matcherOf, type Selectable, selectableAtomic } from '../content/select-atomics.ts';
import { readTargets } from '../content/targets.ts';
import type { Atomic } from '../model/atomic.ts';
import type { Axis } from '../model/axis.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Mitigation } from '../model/mitigation.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import { closestTo } from '../model/suggestion.ts';
import { type Variant, variantName } from '../model/variant.ts';
import { needsOf, type RuleNeeds } from '../rules/needs.ts';
import type { Rule } from '../rules/rule.ts';
import { axesFor } from './load-content.ts';
import type { ListRequest, VariantChoice } from './request.ts';
import { selectProcedures } from './select-variants.ts';
import { type ListedSensor, listedSensors } from './sensors.ts';
import { stamped } from './world.ts';

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

export interface Listing {
  /** Where they are asked for; then nothing else is listed. */
  variants: readonly ListedVariant[];
  atomics: { atomic: Atomic; expectation: Expectation | undefined }[];
  rules: readonly ListedRule[];
  /** Those that no run judges by: for other systems, held against recorded events. */
  replayed: readonly ListedRule[];
  mitigations: readonly Mitigation[];
  targets: { name: string; title: string; verified: boolean }[];
  sensors: readonly ListedSensor[];
}

/**
 * Lists what the selectors mean, or everything; what cannot be used is said as a problem.
 * @returns the list, and whether some content cannot be used
 * @throws AtomclockError `list/nothing-selected` when a selector means nothing
 */
export function list(
  { selectors, variants, ...content }: ListRequest,
  onEvent: OnRunEvent,
): { listing: Listing; hasErrors: boolean } {
  const catalogue = loadCatalogue(content);
  const say = stamped(onEvent);
  const axes = axesFor({ selectors, variants }, say);
  // First, because what is not found may be what cannot be used.
  for (const problem of catalogue.problems) say({ kind: 'problem', problem });
  return {
    listing:
      axes.length > 0
        ? variantsIn(catalogue, selectors, axes, variants ?? { kind: 'none' })
        : select(listingOf(catalogue), selectors),
    hasErrors: catalogue.problems.some(({ severity }) => severity === 'error'),
  };
}

/** The variants of what the selectors mean; with variants of the choice none, those alone that they name. */
function variantsIn(
  { atomics }: Catalogue,
  selectors: readonly string[],
  axes: readonly Axis[],
  choice: VariantChoice,
): Listing {
  const { selected, variantsOf, problems } = selectProcedures(selectors, atomics.atomics, axes, choice);
  if (problems.length > 0) {
    const hints = problems.flatMap(({ hint }) => hint ?? []);
    throw new AtomclockError('list/nothing-selected', problems.map(({ message }) => message).join('\n'), {
      exitCode: exitCodes.nothingSelected,
      hint: hints.join(' ') || 'Without selectors everything is listed.',
    });
  }
  const variants = selected.flatMap((atomic) =>
    variantsOf(atomic).map((variant) => ({ id: variantName(atomic.slug, variant), atomic, variant })),
  );
  return { variants, atomics: [], rules: [], replayed: [], mitigations: [], targets: [], sensors: [] };
}

const listingOf = ({ atomics, rules, replayed, mitigations, attack }: Catalogue): Listing => ({
  variants: [],
  atomics: atomics.atomics.map((atomic) => ({ atomic, expectation: atomics.expectations.get(atomic.guid) })),
  rules: rules.rules.map((rule) => listedRule(rule, attack)),
  replayed: replayed.rules.rules.map((rule) => listedRule(rule, attack)),
  mitigations: mitigations.mitigations,
  targets: [...readTargets()].map(([name, { title, verified }]) => ({ name, title, verified })),
  sensors: listedSensors(),
});

const listedRule = (rule: Rule, { rules }: Catalogue['attack']): ListedRule => ({
  ...rule,
  analytics: rules.get(rule.slug) ?? [],
  needs: needsOf(rule),
});

/** The same selectors as everywhere, here for all kinds: rules by technique, slug or id, the rest by name. */
function select(listing: Listing, selectors: readonly string[]): Listing {
  if (selectors.length === 0) return listing;
  const matchers = selectors.map((selector) => ({ selector, matches: matcherOf(selector) }));
  const found = new Set<string>();
  const isMeant = (item: Selectable): boolean => {
    const meaning = matchers.filter(({ matches }) => matches(item));
    for (const { selector } of meaning) found.add(selector);
    return meaning.length > 0;
  };
  const isMeantRule = ({ slug, id, techniques }: ListedRule): boolean =>
    isMeant({ slug, aliases: [id], techniques });
  const selected: Listing = {
    variants: [],
    atomics: listing.atomics.filter(({ atomic }) => isMeant(selectableAtomic(atomic))),
    rules: listing.rules.filter(isMeantRule),
    replayed: listing.replayed.filter(isMeantRule),
    mitigations: listing.mitigations.filter(({ id, attack }) =>
      isMeant({ slug: id, aliases: [attack], techniques: [] }),
    ),
    targets: listing.targets.filter(({ name }) => isMeant({ slug: name, aliases: [], techniques: [] })),
    sensors: listing.sensors.filter(({ name }) => isMeant({ slug: name, aliases: [], techniques: [] })),
  };
  const unknown = selectors.filter((selector) => !found.has(selector));
  if (unknown.length === 0) return selected;
  throw new AtomclockError('list/nothing-selected', `nothing here is called ${unknown.join(' or ')}`, {
    exitCode: exitCodes.nothingSelected,
    hint: didYouMean(unknown, listing) ?? 'Without selectors everything is listed.',
  });
}

function didYouMean(unknown: readonly string[], listing: Listing): string | undefined {
  const names = [
    ...listing.atomics.flatMap(({ atomic }) => [atomic.slug, atomic.technique, ...atomic.tags]),
    ...[...listing.rules, ...listing.replayed].map(({ slug }) => slug),
    ...listing.mitigations.map(({ id }) => id),
    ...[...listing.targets, ...listing.sensors].map(({ name }) => name),
  ];
  const closest = unknown.map((name) => closestTo(name, names)).filter((name) => name !== undefined);
  return closest.length > 0 ? `Did you mean ${closest.join(' or ')}?` : undefined;
}
