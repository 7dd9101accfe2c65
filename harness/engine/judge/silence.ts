// A rule of the user's that names a technique claims it: where it stays silent on every executed attack of it, that is told.

import type { SensorName } from '../../model/event.ts';
import { isUntreatedExecution } from '../../model/fired.ts';
import type { Silence } from '../../model/run-record.ts';
import { byCloseness, isWithin } from '../../model/silence.ts';
import type { Rule } from '../../rules/index.ts';
import { onlyCorrelated } from '../../rules/match/plan.ts';
import type { JudgedCase, JudgedProcedure } from './judged-case.ts';
import { missIn } from './nearest-miss.ts';
import { inPlace, type Placed } from './placed.ts';
import type { RuleBook } from './rule-book.ts';

/**
 * The techniques that rules claim and are silent on, each with the event that came closest. Grows with every case.
 *
 * None for bundled rules (their expectations say what each must see), for rules that only feed a correlation (they never
 * report), for rules that no sensor of the run feeds, and for a technique of which no attack executed. A rule that fired
 * on some attack of the technique, executed or not, keeps its word; an attack that the rule is documented to miss is not
 * held against it.
 */
export class Silences {
  readonly #book: RuleBook;
  readonly #claims: readonly Claim[];

  constructor(book: RuleBook, sensors: readonly SensorName[]) {
    this.#book = book;
    const fragments = onlyCorrelated(book.rules);
    this.#claims = book.rules
      .filter(
        (rule) =>
          !book.bundled.has(rule.slug) && !fragments.has(rule.id) && book.unavailable(rule, sensors) === null,
      )
      .flatMap((rule) => claimsOf(rule).map((technique) => ({ rule, technique, kept: false, missed: [] })));
  }

  /** @param at the case's place in the run */
  add(judged: JudgedCase, at: number): void {
    if (judged.record === null || judged.record.kind !== 'attack') return;
    const { evidence } = judged;
    for (const claim of this.#claims) {
      const { slug } = claim.rule;
      // What came closest is no more asked for where the rule has fired: looking for it is the dear part.
      if (claim.kept || !isWithin(evidence.atomic.technique, claim.technique)) continue;
      if (firedOnAttack(judged, slug)) {
        claim.kept = true;
        claim.missed = [];
        claim.nearest = undefined;
        continue;
      }
      if (!isUntreatedExecution(judged.record) || isDocumentedMiss(judged, slug)) continue;
      claim.missed.push({ at, what: evidence.id });
      const miss = { at, what: { case: evidence.id, ...missIn(judged, slug, this.#book) } };
      if (!claim.nearest || isCloser(miss, claim.nearest)) claim.nearest = miss;
    }
  }

  of(rule: Rule): Silence[] {
    return this.#claims.flatMap((claim) =>
      claim.rule === rule && claim.nearest
        ? [{ technique: claim.technique, attacks: inPlace(claim.missed), nearest: claim.nearest.what }]
        : [],
    );
  }
}

interface Claim {
  readonly rule: Rule;
  readonly technique: string;
  /** It fired on some attack of the technique. */
  kept: boolean;
  missed: Placed<string>[];
  nearest?: Placed<Silence['nearest']> | undefined;
}

/** Of those that came equally close, the first. */
function isCloser(one: Placed<Silence['nearest']>, other: Placed<Silence['nearest']>): boolean {
  const closer = byCloseness(one.what, other.what);
  return closer < 0 || (closer === 0 && one.at < other.at);
}

/** Whether the rule fired on the attack's own events. */
const firedOnAttack = ({ matches }: JudgedProcedure, slug: string): boolean =>
  matches.some(({ rule, owner }) => rule.slug === slug && owner === 'attack');

/** Beside a sub-technique, the technique above it is only the heading that many rules have as a second tag. */
const claimsOf = ({ techniques }: Rule): string[] =>
  [...new Set(techniques)].filter(
    (technique) => !techniques.some((other) => other !== technique && isWithin(other, technique)),
  );

const isDocumentedMiss = ({ evidence }: JudgedProcedure, slug: string): boolean =>
  evidence.expectation?.evades.some(({ rule }) => rule === slug) ?? false;
