// Atomics, rules, mitigations, targets and sensors: those that selectors mean, or all there are.

import { matcherOf, type Selectable, selectableAtomic } from '../content/select-atomics.ts';
import { AtomclockError, exitCodes, type Problem } from '../model/errors.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import { closestTo } from '../model/suggestion.ts';
import { keptListing } from './kept-listing.ts';
import { type ListedKind, type ListedRule, type Listing, listedKinds } from './listing.ts';
import type { ListRequest } from './request.ts';
import { stamped } from './world.ts';

/**
 * Lists what the selectors mean, or everything; what cannot be used is said as a problem.
 * @returns the list, and whether some content cannot be used
 * @throws AtomclockError `list/nothing-selected` when a selector means nothing
 */
export async function list(
  request: ListRequest,
  onEvent: OnRunEvent,
): Promise<{ listing: Listing; hasErrors: boolean }> {
  const say = stamped(onEvent);
  const { selectors, variants, atomics, rules } = request;
  const asksForVariants = variants !== null || selectors.some((selector) => selector.includes('~'));
  const isBundled = atomics.length === 0 && rules.length === 0;
  const told = (problems: readonly Problem[]): boolean => {
    for (const problem of problems) say({ kind: 'problem', problem });
    return problems.some(({ severity }) => severity === 'error');
  };
  if (asksForVariants) {
    const { listVariants } = await import('./make-listing.ts');
    return listVariants(request, say, told);
  }
  const make = async () => (await import('./make-listing.ts')).makeListing({ atomics, rules });
  // What is bundled seldom changes, and takes most of a second to read and check.
  const { listing, problems } = isBundled ? await keptListing(make) : await make();
  // First, because what is not found may be what cannot be used.
  const hasErrors = told(problems);
  return { listing: select(listing, selectors), hasErrors };
}

/** The same selectors as everywhere, here for all kinds: rules by technique, slug or id, the rest by name. */
function select(listing: Listing, selectors: readonly string[]): Listing {
  if (selectors.length === 0) return listing;
  const matchers = selectors.map((selector) => ({ selector, matches: matcherOf(selector) }));
  const asked = new Set<string>(listedKinds.filter((kind) => selectors.includes(kind)));
  const found = new Set(asked);
  const pick = <Item>(
    kind: ListedKind,
    items: readonly Item[],
    isMeantOne: (item: Item) => boolean,
  ): Item[] => items.filter((item) => isMeantOne(item) || asked.has(kind));
  const isMeant = (item: Selectable): boolean => {
    const meaning = matchers.filter(({ matches }) => matches(item));
    for (const { selector } of meaning) found.add(selector);
    return meaning.length > 0;
  };
  const isMeantRule = ({ slug, id, techniques }: ListedRule): boolean =>
    isMeant({ slug, aliases: [id], techniques });
  const isMeantName = ({ name }: { name: string }): boolean =>
    isMeant({ slug: name, aliases: [], techniques: [] });
  const selected: Listing = {
    variants: [],
    atomics: pick('atomics', listing.atomics, ({ atomic }) => isMeant(selectableAtomic(atomic))),
    rules: pick('rules', listing.rules, isMeantRule),
    replayed: pick('rules', listing.replayed, isMeantRule),
    mitigations: pick('mitigations', listing.mitigations, ({ id, attack }) =>
      isMeant({ slug: id, aliases: [attack], techniques: [] }),
    ),
    targets: pick('targets', listing.targets, isMeantName),
    sensors: pick('sensors', listing.sensors, isMeantName),
  };
  const unknown = selectors.filter((selector) => !found.has(selector));
  if (unknown.length === 0) return selected;
  throw new AtomclockError('list/nothing-selected', `nothing here is called ${unknown.join(' or ')}`, {
    exitCode: exitCodes.nothingSelected,
    hint:
      didYouMean(unknown, listing) ??
      `Without selectors everything is listed; by ${listedKinds.join(', ')} all of a kind.`,
  });
}

function didYouMean(unknown: readonly string[], listing: Listing): string | undefined {
  const names = [
    ...listedKinds,
    ...listing.atomics.flatMap(({ atomic }) => [atomic.slug, atomic.technique, ...atomic.tags]),
    ...[...listing.rules, ...listing.replayed].map(({ slug }) => slug),
    ...listing.mitigations.map(({ id }) => id),
    ...[...listing.targets, ...listing.sensors].map(({ name }) => name),
  ];
  const closest = unknown.map((name) => closestTo(name, names)).filter((name) => name !== undefined);
  return closest.length > 0 ? `Did you mean ${closest.join(' or ')}?` : undefined;
}
