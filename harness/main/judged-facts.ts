// What judging has found, as facts of a run.

import type { JudgedCase } from '../engine/judge/judged-case.ts';
import type { RunFact } from '../model/run-event.ts';
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

/** A verdict that is final. */
export const judgedFact = ({ id, verdict, reasons }: CaseRecord): RunFact => ({
  kind: 'case-judged',
  case: id,
  verdict,
  reasons,
});
