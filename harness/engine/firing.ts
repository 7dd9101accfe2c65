// Where rules fired in one case, and on whose events.

import type { EcsEvent } from '../model/event.ts';
import type { Rule, RuleSet } from '../rules/index.ts';
import type { Attribution, Owner } from './attribution.ts';

export interface Firing {
  rule: Rule;
  /** In the order of the rule's stages. */
  events: readonly EcsEvent[];
  /** Whose events they are; `mixed` when they belong to several. */
  owner: Owner | 'mixed';
}

/**
 * Evaluates all rules over the events of a case.
 * @param events in order, as in events.ndjson
 */
export function firings(set: RuleSet, events: readonly EcsEvent[], attribution: Attribution): Firing[] {
  const session = set.session();
  const matches = events.flatMap((event, index) => session.push(event, index));
  matches.push(...session.finish());
  return matches.map(({ rule, handles }) => {
    const matched = handles.flatMap((handle) => events[handle] ?? []);
    const owners = new Set(matched.map((event) => attribution.ownerOf(event)));
    const [owner = 'background', other] = owners;
    return { rule, events: matched, owner: other ? 'mixed' : owner };
  });
}
