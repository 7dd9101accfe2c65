// Where rules fired in one case, and on whose events.

import type { EcsEvent } from '../../model/event.ts';
import type { Rule, RuleSet, SessionStats } from '../../rules/index.ts';
import type { Attribution, Owner } from '../proof/attribution.ts';

export interface CaseMatch {
  rule: Rule;
  /** In the order of the rule's stages. */
  events: readonly EcsEvent[];
  /** Whose events they are; `mixed` when they belong to several, `unknown` where no sensor shows whose. */
  owner: Owner | 'mixed' | 'unknown';
  /** A correlation whose timespan was not over when the events ended. */
  open?: true;
}

export interface CaseMatches {
  matches: readonly CaseMatch[];
  /** Rules that may have missed something, one sentence each. */
  evicted: readonly string[];
}

/**
 * Rules that match the recorded events only because of what the harness's own shell was told, one sentence each: such
 * a match counts for nobody.
 * @param altered events as recorded, before the runner was taken out of them
 */
export function artefacts(
  set: RuleSet,
  altered: readonly EcsEvent[],
  { matches }: Pick<CaseMatches, 'matches'>,
): string[] {
  const session = set.session();
  const raw = altered.flatMap((event, index) => session.push(event, index));
  raw.push(...session.finish());
  const fired = new Set(matches.map(({ rule }) => rule.slug));
  const idsByRule = new Map<string, Set<string>>();
  for (const { rule, handles } of raw) {
    if (fired.has(rule.slug)) continue;
    const ids = idsByRule.get(rule.slug) ?? new Set();
    for (const handle of handles) ids.add(altered[handle]?.event.id ?? '');
    idsByRule.set(rule.slug, ids);
  }
  return [...idsByRule].map(
    ([slug, ids]) =>
      `${slug} matches only the harness's own shell (${[...ids].slice(0, 3).join(', ')}): that counts for nobody`,
  );
}

/**
 * Evaluates all rules over the events of a case.
 * @param events in order, as in events.ndjson
 */
export function matchRules(set: RuleSet, events: readonly EcsEvent[], attribution: Attribution): CaseMatches {
  const session = set.session();
  const raw = events.flatMap((event, index) => session.push(event, index));
  raw.push(...session.finish());
  const matches = raw.map(({ rule, handles, open }): CaseMatch => {
    const matched = handles.flatMap((handle) => events[handle] ?? []);
    return { rule, events: matched, owner: ownerOfAll(matched, attribution), ...(open && { open }) };
  });
  return { matches, evicted: [...evictionNotes(session.stats()), ...whatWasOpen(matches)] };
}

/** Whose the events of a match are. */
export function ownerOfAll(matched: readonly EcsEvent[], attribution: Attribution): Owner | 'mixed' {
  const [owner = 'background', other] = new Set(matched.map((event) => attribution.ownerOf(event)));
  return other ? 'mixed' : owner;
}

/** Which rules matched before the time that they look at was over, one sentence each. */
export function whatWasOpen(raw: readonly { readonly rule: Rule; readonly open?: true }[]): string[] {
  const open = Map.groupBy(
    raw.filter((match) => match.open),
    ({ rule }) => rule.slug,
  );
  return [...open].map(
    ([slug, { length }]) =>
      `${slug}: ${length === 1 ? 'a match stands' : `${length} matches stand`} on a timespan that was not over when the events ended: what came later could undo ${length === 1 ? 'it' : 'them'}`,
  );
}

/** Without a sensor that sees processes, what is not known to be the atomic's may be all the same. */
export const ofUnknownOwner = (matches: readonly CaseMatch[]): CaseMatch[] =>
  matches.map((match) => (match.owner === 'attack' ? match : { ...match, owner: 'unknown' }));

/** Which rules have had to forget partial raw to keep within their bounds. */
export const evictionNotes = ({ machines }: SessionStats): string[] =>
  machines
    .filter(({ evicted }) => evicted > 0)
    .map(
      ({ ruleId, evicted }) => `${ruleId} had to forget ${evicted} partial matches: it may have missed some`,
    );
