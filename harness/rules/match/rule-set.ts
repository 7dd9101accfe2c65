// Compiles rules once and runs them over streams of events, one pass each.

import type { EventFilter, Rule } from '../rule.ts';
import { type Bounds, defaultBounds } from './bounds.ts';
import { compileFilters, type EventMatcher } from './event-matcher.ts';
import { planOf } from './plan.ts';
import { eventReader } from './record.ts';
import { Session } from './session.ts';

export interface CompileOptions {
  /**
   * Which names the events use. `sigma` events may carry a `logsource` that selects the rules; Windows event log
   * records are read in whatever shape an exporter has given them.
   */
  readonly fields: 'ecs' | 'sigma';
  readonly bounds?: Partial<Bounds>;
}

/** Rules ready to run. */
export interface RuleSet {
  readonly rules: readonly Rule[];
  readonly fields: CompileOptions['fields'];
  /**
   * Starts a pass over a stream of events; sessions do not disturb each other.
   * @param watched filters of no rule's: which of them an event passes, `lastWatched` tells after it was pushed
   */
  session(watched?: readonly EventFilter[]): Session;
}

/**
 * Prepares rules, as the loader gives them, for matching.
 * Throws nothing: whatever cannot be used was refused when it was parsed.
 */
export function compileRules(rules: readonly Rule[], { fields, bounds }: CompileOptions): RuleSet {
  const plan = planOf(rules);
  const parts = { plan, readEvent: eventReader(fields), bounds: { ...defaultBounds, ...bounds } };
  let ofRulesAlone: EventMatcher | undefined;
  const matcherFor = (watched: readonly EventFilter[]): EventMatcher => {
    // One search for all: what rules and watchers look for is mostly the same.
    if (watched.length > 0) return compileFilters([...plan.filters, ...watched], { fields });
    ofRulesAlone ??= compileFilters(plan.filters, { fields });
    return ofRulesAlone;
  };
  return {
    rules,
    fields,
    session: (watched = []) => new Session({ ...parts, matchEvent: matcherFor(watched) }),
  };
}
