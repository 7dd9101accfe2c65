// For a rule that should have fired: the event of the atomic that came closest, and what failed on it.

import { nearest } from '../../rules/explain.ts';
import { explanationText } from '../../rules/explain-text.ts';
import type { JudgedCase } from './judge-case.ts';
import type { RuleBook } from './rule-book.ts';

/** The miss in words; says so where the rule fired on something else, or where the atomic left nothing to look at. */
export function nearestMiss(
  { firings, events, attribution }: Pick<JudgedCase, 'firings' | 'events' | 'attribution'>,
  slug: string,
  { rules }: RuleBook,
): string {
  const elsewhere = firings.find(({ rule }) => rule.slug === slug);
  if (elsewhere) {
    const ids = elsewhere.events.map(({ event }) => event.id).join(', ');
    return `it fired only on what is not this atomic's (${elsewhere.owner}: ${ids})`;
  }
  const rule = rules.find((one) => one.slug === slug);
  if (!rule) return 'it was not loaded';
  const own = events.filter((event) => attribution.ownerOf(event) === 'attack');
  const stages = nearest(rule, own, { fields: 'ecs', limit: 1 }).flat();
  // Of a sequence, the stage that failed says more than the ones that held.
  const miss = stages.find(({ matched }) => !matched) ?? stages[0];
  if (!miss) return 'the atomic left no event to look at';
  return explanationText(miss, own[miss.event]?.event.id ?? '');
}
