// A rule of the user's that names a technique claims it: where it stays silent on every executed attack of it, that is told.

import type { Silence } from '../../model/run-record.ts';
import { byCloseness, isWithin } from '../../model/silence.ts';
import type { Rule } from '../../rules/index.ts';
import { onlyCorrelated } from '../../rules/match/plan.ts';
import type { JudgedCase } from './judge-case.ts';
import { missIn } from './nearest-miss.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * The techniques that a rule claims and is silent on, each with the event that came closest.
 *
 * None for bundled rules (their expectations say what each must see), for rules that only feed a correlation (they never
 * report), and for a technique of which no attack executed. A rule that fired on some attack of the technique, executed or
 * not, keeps its word; an attack that the rule is documented to miss is not held against it.
 */
export function silenceOf(rule: Rule, judged: readonly JudgedCase[], book: RuleBook): Silence[] {
  if (book.bundled.has(rule.slug) || onlyCorrelated(book.rules).has(rule.id)) return [];
  return claimsOf(rule).flatMap((technique): Silence[] => {
    const attacks = judged.filter(
      ({ evidence }) => evidence.kind === 'attack' && isWithin(evidence.atomic?.technique ?? '', technique),
    );
    if (attacks.some((one) => firedOnAttack(one, rule.slug))) return [];
    const missed = attacks.filter((one) => isExecuted(one) && !isDocumentedMiss(one, rule.slug));
    const nearest = closest(missed, rule.slug, book);
    return nearest ? [{ technique, attacks: missed.map(({ evidence }) => evidence.id), nearest }] : [];
  });
}

/** Whether the rule fired on the attack's own events. */
export const firedOnAttack = ({ evidence, firings }: JudgedCase, slug: string): boolean =>
  evidence.kind === 'attack' && firings.some(({ rule, owner }) => rule.slug === slug && owner === 'attack');

/** Beside a sub-technique, the technique above it is only the heading that many rules have as a second tag. */
const claimsOf = ({ techniques }: Rule): string[] =>
  [...new Set(techniques)].filter(
    (technique) => !techniques.some((other) => other !== technique && isWithin(other, technique)),
  );

const isExecuted = ({ evidence, observation }: JudgedCase): boolean =>
  observation === 'executed' && evidence.mitigation === null;

const isDocumentedMiss = ({ evidence }: JudgedCase, slug: string): boolean =>
  evidence.expectation?.evades.some(({ rule }) => rule === slug) ?? false;

/** The first of the nearest. */
function closest(
  missed: readonly JudgedCase[],
  slug: string,
  book: RuleBook,
): Silence['nearest'] | undefined {
  const misses = missed.map((one) => ({ case: one.evidence.id, ...missIn(one, slug, book) }));
  return misses.toSorted(byCloseness)[0];
}
