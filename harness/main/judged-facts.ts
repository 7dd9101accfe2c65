// What judging has found, as facts of a run.

import type { JudgedCase } from '../engine/judge/judged-case.ts';
import type { OnRunFact, RunFact } from '../model/run-event.ts';
import type { CaseRecord } from '../model/run-record.ts';

/** The rules that matched events of the atomic itself, each once with all of them. */
export function matchedFacts({ evidence, matches }: JudgedCase): RunFact[] {
  const found = new Map<string, Set<string>>();
  for (const { rule, events, owner } of matches) {
    if (owner !== 'attack') continue;
    const ids = found.get(rule.slug) ?? new Set();
    for (const { event } of events) ids.add(event.id);
    found.set(rule.slug, ids);
  }
  return [...found].map(([rule, ids]) => ({
    kind: 'matched',
    case: evidence.id,
    rule,
    eventIds: [...ids],
  }));
}

/** What was said of a case's matches while it ran, to be held against what judging has found. */
export class SaidMatches {
  readonly #said = new Map<string, Set<string>>();

  /** Says facts to somebody, and remembers which matches they tell. */
  heard =
    (say: OnRunFact): OnRunFact =>
    (fact) => {
      if (fact.kind === 'matched') {
        const ids = this.#said.get(fact.rule) ?? new Set();
        for (const id of fact.eventIds) ids.add(id);
        this.#said.set(fact.rule, ids);
      }
      say(fact);
    };

  /** What is to be said so that what was said is what was found: matches that are missing, and those that were none. */
  corrections(judged: JudgedCase): RunFact[] {
    const found = matchedFacts(judged).flatMap((fact) => (fact.kind === 'matched' ? [fact] : []));
    const missing = found.flatMap((fact): RunFact[] => {
      const said = this.#said.get(fact.rule);
      const eventIds = fact.eventIds.filter((id) => !said?.has(id));
      return eventIds.length > 0 ? [{ ...fact, eventIds }] : [];
    });
    const wrong = [...this.#said].flatMap(([rule, said]): RunFact[] => {
      const real = new Set(found.find((fact) => fact.rule === rule)?.eventIds);
      const eventIds = [...said].filter((id) => !real.has(id));
      return eventIds.length > 0 ? [{ kind: 'withdrawn', case: judged.evidence.id, rule, eventIds }] : [];
    });
    return [...missing, ...wrong];
  }
}

/** A verdict that is final. */
export const judgedFact = ({ id, verdict, reasons }: CaseRecord): RunFact => ({
  kind: 'case-judged',
  case: id,
  verdict,
  reasons,
});
