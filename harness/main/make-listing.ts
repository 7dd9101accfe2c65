// The listing made of content as it is: all of it is read and checked.

import { type Catalogue, loadCatalogue } from '../content/catalogue.ts';
import { readTargets } from '../content/targets.ts';
import { canVary, pairsOf } from '../engine/run/choose-variants.ts';
import type { Atomic } from '../model/atomic.ts';
import type { Axis } from '../model/axis.ts';
import { AtomclockError, exitCodes, type Problem } from '../model/errors.ts';
import type { OnRunFact } from '../model/run-event.ts';
import { variantName } from '../model/variant.ts';
import { needsOf } from '../rules/needs.ts';
import type { Rule } from '../rules/rule.ts';
import type { ListedPairs, ListedRule, Listing, WholeListing } from './listing.ts';
import { axesFor } from './load-content.ts';
import type { ContentRequest, ListRequest, VariantChoice } from './request.ts';
import { selectProcedures } from './select-variants.ts';
import { listedSensors } from './sensors.ts';

/** Everything that is bundled and what is named beside it. */
export function makeListing(content: ContentRequest): WholeListing {
  const catalogue = loadCatalogue(content);
  return { listing: listingOf(catalogue), problems: catalogue.problems };
}

/**
 * The variants of what the selectors mean.
 * @param told hears what cannot be used, and says whether that is an error
 * @throws AtomclockError `list/nothing-selected`, `run/unknown-axis`; ContentError when not every axis can be used
 */
export function listVariants(
  { selectors, variants, ...content }: ListRequest,
  say: OnRunFact,
  told: (problems: readonly Problem[]) => boolean,
): { listing: Listing; hasErrors: boolean } {
  const catalogue = loadCatalogue(content);
  const axes = axesFor({ selectors, variants }, say);
  const hasErrors = told(catalogue.problems);
  return { listing: variantsIn(catalogue, selectors, axes, variants ?? { kind: 'none' }), hasErrors };
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
  const { most } = choice.kind === 'pairs' ? choice : { most: 0 };
  const pairs = most > 0 ? selected.flatMap((atomic) => pairsIn(atomic, axes, most)) : [];
  return { variants, pairs, atomics: [], rules: [], replayed: [], mitigations: [], targets: [], sensors: [] };
}

function pairsIn(atomic: Atomic, axes: readonly Axis[], most: number): ListedPairs[] {
  if (!canVary(atomic)) return [];
  const { rows, pairs, uncovered, excluded } = pairsOf(axes, atomic, most);
  if (pairs === 0) return [];
  return [{ atomic, combinations: rows.length, most, pairs, uncovered, excluded }];
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
  slug: rule.slug,
  id: rule.id,
  title: rule.title,
  language: rule.language,
  ...(rule.level !== undefined && { level: rule.level }),
  techniques: rule.techniques,
  file: rule.file,
  analytics: rules.get(rule.slug) ?? [],
  needs: needsOf(rule),
});
