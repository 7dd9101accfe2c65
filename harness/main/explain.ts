// One atomic, variant, axis, rule or mitigation in plain words; or how a rule sees the events of a file.

import { type Catalogue, loadCatalogue } from '../content/catalogue.ts';
import { explainAtomic } from '../content/explain/atomic.ts';
import type { Block } from '../content/explain/block.ts';
import { explainMitigation } from '../content/explain/mitigation.ts';
import { explainRule } from '../content/explain/rule.ts';
import { explainAxis, explainVariant } from '../content/explain/variant.ts';
import { sortFiles } from '../content/kind-of-file.ts';
import { loadMitigations } from '../content/mitigations.ts';
import { matcherOf, selectableAtomic } from '../content/select-atomics.ts';
import type { Axis } from '../model/axis.ts';
import { AtomclockError, ContentError, exitCodes } from '../model/errors.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import { closestTo } from '../model/suggestion.ts';
import type { Rule } from '../rules/index.ts';
import { explainOnEvents } from './explain-events.ts';
import { bundledAxes } from './load-content.ts';
import { placeholderValues } from './placeholder-values.ts';
import type { ExplainRequest } from './request.ts';
import { allVariantNames, variantsNamed } from './select-variants.ts';
import { stamped, type World } from './world.ts';

export type { Block };

/** Blocks of text for what has the name, or a paragraph for each event that is nearest to a match. */
export type Explained =
  | { readonly kind: 'content'; readonly blocks: readonly Block[] }
  | { readonly kind: 'events'; readonly paragraphs: readonly string[] };

/**
 * Explains everything that has this name; with `event`, how the rule of this name sees those events.
 * @throws ContentError for a rule or a file of a mitigation that cannot be used; AtomclockError `explain/unknown`, `explain/not-a-rule`, `replay/…` for a file that cannot be read
 */
export async function explain(
  { id, event, ...given }: ExplainRequest,
  world: World,
  onEvent: OnRunEvent,
): Promise<Explained> {
  const catalogue = loadCatalogue({ ...given, placeholders: placeholderValues(given) });
  const name = id.toLowerCase();
  const isMeant = (rule: { slug: string; id: string }): boolean =>
    [rule.slug, rule.id].some((own) => own.toLowerCase() === name);
  const refused = catalogue.rules.unusable.find(isMeant);
  if (refused) throw new ContentError(refused.problems);
  const rules = [...catalogue.rules.rules, ...catalogue.replayed.rules.rules].filter(isMeant);
  if (event !== null) {
    const [rule] = rules;
    if (!rule) throw notARule(id, catalogue);
    const paragraphs = await explainOnEvents(rule, event, given.fields, world.signal, stamped(onEvent));
    return { kind: 'events', paragraphs };
  }
  const axes = bundledAxes(() => {});
  const blocks = [
    ...atomicBlocks(name, catalogue),
    ...variantBlocks(name, catalogue, axes),
    ...axes
      .filter(({ axis }) => axis === name)
      .flatMap((axis) => explainAxis(axis, catalogue.atomics.atomics)),
    ...ruleBlocks(rules, catalogue),
    ...mitigationBlocks(name, catalogue),
    ...sortFiles([id]).mitigations.flatMap(ownMitigationBlocks),
  ];
  if (blocks.length === 0) throw unknown(id, catalogue, axes);
  return { kind: 'content', blocks };
}

const atomicBlocks = (name: string, { atomics, rules, mitigations }: Catalogue): Block[] =>
  atomics.atomics
    .filter(({ slug, guid }) => slug === name || guid === name)
    .flatMap((atomic) =>
      explainAtomic(atomic, atomics.expectations.get(atomic.guid), {
        rules: rules.rules,
        mitigations: mitigations.mitigations,
      }),
    );

const variantBlocks = (name: string, { atomics }: Catalogue, axes: readonly Axis[]): Block[] =>
  name.includes('~')
    ? atomics.atomics.flatMap((atomic) =>
        variantsNamed(name, atomic, axes).flatMap((variant) => explainVariant(atomic, variant, axes)),
      )
    : [];

const ruleBlocks = (rules: readonly Rule[], { atomics, replayed, attack, unproven }: Catalogue): Block[] =>
  rules.flatMap((rule) =>
    explainRule(rule, atomics.expectations.values(), {
      samples: replayed.samples.find(({ slug }) => slug === rule.slug),
      attack,
      unproven: unproven.reasons.get(rule.slug),
    }),
  );

const mitigationBlocks = (name: string, { mitigations }: Catalogue): Block[] =>
  mitigations.mitigations.filter(({ id }) => id === name).flatMap(explainMitigation);

/** @throws ContentError for a file that cannot be used */
function ownMitigationBlocks(file: string): Block[] {
  const { mitigations, problems } = loadMitigations(file);
  if (problems.some(({ severity }) => severity === 'error')) throw new ContentError(problems);
  return mitigations.flatMap(explainMitigation);
}

const unknown = (id: string, catalogue: Catalogue, axes: readonly Axis[]): AtomclockError => {
  const closest = closestTo(id, [...namesOf(catalogue), ...variantNames(id, catalogue, axes)]);
  const isSelector = catalogue.atomics.atomics.map(selectableAtomic).some(matcherOf(id));
  const list = isSelector ? `See what it means: atomclock list '${id}'` : 'See what there is: atomclock list';
  return new AtomclockError(
    'explain/unknown',
    `no atomic, variant, axis, rule or mitigation is called ${id}`,
    {
      exitCode: exitCodes.nothingSelected,
      hint: closest ? `Did you mean ${closest}?` : list,
    },
  );
};

const notARule = (id: string, catalogue: Catalogue): AtomclockError => {
  const closest = closestTo(
    id,
    catalogue.rules.rules.map(({ slug }) => slug),
  );
  return new AtomclockError(
    'explain/not-a-rule',
    `events are held against a rule, and no rule is called ${id}`,
    {
      exitCode: exitCodes.badInput,
      ...(closest && { hint: `Did you mean ${closest}?` }),
    },
  );
};

const namesOf = ({ atomics, rules, replayed, mitigations }: Catalogue): string[] => [
  ...atomics.atomics.map(({ slug }) => slug),
  ...[...rules.rules, ...replayed.rules.rules].map(({ slug }) => slug),
  ...mitigations.mitigations.map(({ id }) => id),
];

/** There are thousands: they are asked where one is meant. */
const variantNames = (id: string, { atomics }: Catalogue, axes: readonly Axis[]): string[] =>
  id.includes('~') ? allVariantNames(atomics.atomics, axes) : axes.map(({ axis }) => axis);
