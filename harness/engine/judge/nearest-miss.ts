// For a rule that should have fired: the event of the atomic that came closest, and what failed on it.

import type { EcsEvent } from '../../model/event.ts';
import { type Explanation, nearest } from '../../rules/explain.ts';
import { explanationText } from '../../rules/explain-text.ts';
import type { Rule } from '../../rules/index.ts';
import type { JudgedCase } from './judged-case.ts';
import type { RuleBook } from './rule-book.ts';

export interface Miss {
  /** What failed, in words. */
  readonly text: string;
  /** How far the closest event was from matching: about one per failed test. null where there was no event. */
  readonly distance: number | null;
}

type Looked = Pick<JudgedCase, 'matches' | 'ruled' | 'attribution'>;

/** The miss in words; says so where the rule fired on something else, or where the atomic left nothing to look at. */
export const nearestMiss = (judged: Looked, slug: string, book: RuleBook): string =>
  missIn(judged, slug, book).text;

/** The miss, with a measure that tells the nearest of several cases. */
export function missIn({ matches, ruled, attribution }: Looked, slug: string, { rules }: RuleBook): Miss {
  const elsewhere = matches.find(({ rule }) => rule.slug === slug);
  if (elsewhere) {
    const ids = elsewhere.events.map(({ event }) => event.id).join(', ');
    return { text: `it fired only on what is not this atomic's (${elsewhere.owner}: ${ids})`, distance: 0 };
  }
  const rule = rules.find((one) => one.slug === slug);
  if (!rule) return { text: 'it was not loaded', distance: null };
  const own = ruled.events.filter((event) => attribution.ownerOf(event) === 'attack');
  return own.length === 0
    ? { text: 'the atomic left no event to look at', distance: null }
    : missOf(rule, own, rules);
}

/** What kept a rule from these events, which did not make it fire. */
function missOf(rule: Rule, own: readonly EcsEvent[], rules: readonly Rule[]): Miss {
  const { query } = rule;
  if (query.kind === 'correlation') {
    const parts = query.rules.flatMap((id) => rules.find((one) => one.id === id) ?? []);
    const misses = parts.map((part) => ({ part, miss: missOf(part, own, rules) }));
    const failed = misses.find(({ miss }) => miss.distance !== 0);
    if (failed) return { ...failed.miss, text: `it correlates ${failed.part.slug}, and ${failed.miss.text}` };
    return {
      text: `every rule that it correlates matches (${parts.map(({ slug }) => slug).join(', ')}), and what it asks of them together does not hold`,
      distance: 0,
    };
  }
  const stages = nearest(rule, own, { fields: 'ecs', limit: 1 }).flat();
  const needed = stages.filter(({ filter }) => isNeeded(rule, filter));
  // Of a sequence, the stage that failed says more than the ones that held.
  const miss = needed.find(({ matched }) => !matched);
  if (miss) return { text: explanationText(miss, idOf(miss, own)), distance: miss.distance };
  const matched = needed.map((stage) => idOf(stage, own)).join(', ');
  return {
    text:
      query.kind === 'event'
        ? `${rule.slug} matches ${matched}`
        : `${rule.slug}: each stage matches (${matched}), but not in this order, with the same keys, within its span`,
    distance: 0,
  };
}

/** A stage that must not occur, or that only ends a sequence, is nothing that was missed. */
function isNeeded({ query }: Rule, filter: number): boolean {
  if (query.kind !== 'sequence' && query.kind !== 'sample') return true;
  const stage = query.stages[filter];
  return stage !== undefined && !stage.missing;
}

const idOf = ({ event }: Explanation, own: readonly EcsEvent[]): string => own[event]?.event.id ?? '';
