// Where each rule fired, case by case: ids only, so that the events can be let go.

import type { RuleRecord } from '../../model/run-record.ts';
import type { JudgedCase } from './judged-case.ts';
import type { CaseMatch } from './matches.ts';
import { inPlace, type Placed } from './placed.ts';

type Elsewhere = RuleRecord['falsePositives'][number];

interface Found {
  readonly firedIn: Placed<string>[];
  readonly falsePositives: Placed<Elsewhere>[];
  readonly crossTalk: Placed<Elsewhere>[];
  readonly matches: Placed<RuleRecord['matches'][number]>[];
}

/** Grows with every case. */
export class RuleFindings {
  readonly #bySlug = new Map<string, Found>();

  /** @param at the case's place in the run */
  add(judged: JudgedCase, at: number): void {
    const { evidence } = judged;
    for (const { slug, matches, hasFired, falsely, noise } of firingsIn(judged)) {
      const found = this.#bySlug.get(slug) ?? { firedIn: [], falsePositives: [], crossTalk: [], matches: [] };
      this.#bySlug.set(slug, found);
      if (hasFired) found.firedIn.push({ at, what: evidence.id });
      if (falsely.length > 0)
        found.falsePositives.push({ at, what: { case: evidence.id, eventIds: falsely } });
      if (noise.length > 0) found.crossTalk.push({ at, what: { case: evidence.id, eventIds: noise } });
      for (const { events, open } of matches)
        found.matches.push({
          at,
          what: { case: evidence.id, eventIds: events.map(({ event }) => event.id), ...(open && { open }) },
        });
    }
  }

  of(slug: string): Pick<RuleRecord, 'firedIn' | 'falsePositives' | 'crossTalk' | 'matches'> {
    const { firedIn = [], falsePositives = [], crossTalk = [], matches = [] } = this.#bySlug.get(slug) ?? {};
    return {
      firedIn: inPlace(firedIn),
      falsePositives: inPlace(falsePositives),
      crossTalk: byCase(inPlace(crossTalk)),
      matches: inPlace(matches),
    };
  }
}

interface Firing {
  readonly slug: string;
  readonly matches: readonly CaseMatch[];
  /** On an attack's own events. */
  readonly hasFired: boolean;
  /** Ids of the events of a benign twin's on which it fired. */
  readonly falsely: string[];
  /** Ids of the events that nobody's procedure caused, on which it fired. */
  readonly noise: string[];
}

/** Of each rule that matched in a case, on whose events. */
export function firingsIn(judged: JudgedCase): Firing[] {
  const { kind } = judged.evidence;
  return [...Map.groupBy(judged.matches, ({ rule }) => rule.slug)].map(([slug, matches]) => {
    const attributed = matches.filter(({ owner }) => owner === 'attack');
    return {
      slug,
      matches,
      hasFired: kind === 'attack' && attributed.length > 0,
      falsely: kind === 'benign' ? eventIdsOf(attributed) : [],
      noise: eventIdsOf(matches.filter((match) => isCrossTalk(match, judged))),
    };
  });
}

const eventIdsOf = (matches: readonly CaseMatch[]): string[] => [
  ...new Set(matches.flatMap(({ events }) => events.map(({ event }) => event.id))),
];

/**
 * On what nobody's procedure caused, or only together with it. What the harness itself does (prerequisites, mitigation,
 * legitimate use, cleanup) is nobody's noise: no other machine has it.
 */
function isCrossTalk({ owner, events }: CaseMatch, { attribution }: JudgedCase): boolean {
  if (owner !== 'mixed') return owner === 'background';
  const owners = events.map((event) => attribution.ownerOf(event));
  return owners.includes('background') || owners.includes('attack');
}

/** Once for each case; runs that older versions put together have several idle controls under one name. */
export const byCase = (found: readonly Elsewhere[]): Elsewhere[] =>
  [...Map.groupBy(found, (each) => each.case)].map(([where, each]) => ({
    case: where,
    eventIds: [...new Set(each.flatMap(({ eventIds }) => eventIds))],
  }));
