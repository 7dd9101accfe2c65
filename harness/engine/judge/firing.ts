// Where rules fired in one case, and on whose events.

import type { EcsEvent } from '../../model/event.ts';
import type { Rule, RuleSet, SessionStats } from '../../rules/index.ts';
import type { Attribution, Owner } from '../proof/attribution.ts';

export interface Firing {
  rule: Rule;
  /** In the order of the rule's stages. */
  events: readonly EcsEvent[];
  /** Whose events they are; `mixed` when they belong to several, `unknown` where no sensor shows whose. */
  owner: Owner | 'mixed' | 'unknown';
  /** A correlation whose timespan was not over when the events ended. */
  open?: true;
}

export interface Fired {
  firings: readonly Firing[];
  /** Rules that may have missed something, one sentence each. */
  forgotten: readonly string[];
}

/**
 * Rules that match the recorded events only because of what the harness's own shell was told, one sentence each: such
 * a match counts for nobody.
 * @param altered events as recorded, before the runner was taken out of them
 */
export function artefacts(
  set: RuleSet,
  altered: readonly EcsEvent[],
  { firings }: Pick<Fired, 'firings'>,
): string[] {
  const session = set.session();
  const matches = altered.flatMap((event, index) => session.push(event, index));
  matches.push(...session.finish());
  const fired = new Set(firings.map(({ rule }) => rule.slug));
  const found = new Map<string, Set<string>>();
  for (const { rule, handles } of matches) {
    if (fired.has(rule.slug)) continue;
    const ids = found.get(rule.slug) ?? new Set();
    for (const handle of handles) ids.add(altered[handle]?.event.id ?? '');
    found.set(rule.slug, ids);
  }
  return [...found].map(
    ([slug, ids]) =>
      `${slug} matches only the harness's own shell (${[...ids].slice(0, 3).join(', ')}): that counts for nobody`,
  );
}

/**
 * Evaluates all rules over the events of a case.
 * @param events in order, as in events.ndjson
 */
export function fire(set: RuleSet, events: readonly EcsEvent[], attribution: Attribution): Fired {
  const session = set.session();
  const matches = events.flatMap((event, index) => session.push(event, index));
  matches.push(...session.finish());
  const firings = matches.map(({ rule, handles, open }): Firing => {
    const matched = handles.flatMap((handle) => events[handle] ?? []);
    const owners = new Set(matched.map((event) => attribution.ownerOf(event)));
    const [owner = 'background', other] = owners;
    return { rule, events: matched, owner: other ? 'mixed' : owner, ...(open && { open }) };
  });
  return { firings, forgotten: [...whatWasForgotten(session.stats()), ...whatWasOpen(firings)] };
}

/** Which rules matched before the time that they look at was over, one sentence each. */
export function whatWasOpen(matches: readonly { readonly rule: Rule; readonly open?: true }[]): string[] {
  const open = Map.groupBy(
    matches.filter((match) => match.open),
    ({ rule }) => rule.slug,
  );
  return [...open].map(
    ([slug, { length }]) =>
      `${slug}: ${length === 1 ? 'a match stands' : `${length} matches stand`} on a timespan that was not over when the events ended: what came later could undo ${length === 1 ? 'it' : 'them'}`,
  );
}

/** Without a sensor that sees processes, what is not known to be the atomic's may be all the same. */
export const ofUnknownOwner = (firings: readonly Firing[]): Firing[] =>
  firings.map((firing) => (firing.owner === 'attack' ? firing : { ...firing, owner: 'unknown' }));

/** Which rules have had to forget partial matches to keep within their bounds. */
export const whatWasForgotten = ({ machines }: SessionStats): string[] =>
  machines
    .filter(({ evicted }) => evicted > 0)
    .map(
      ({ ruleId, evicted }) => `${ruleId} had to forget ${evicted} partial matches: it may have missed some`,
    );
