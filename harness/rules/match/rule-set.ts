// Compiles rules once and runs them over streams of events, one pass each.

import type { Rule } from '../rule.ts';
import { type Bounds, defaultBounds } from './bounds.ts';
import { compileFilters } from './event-matcher.ts';
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
  /** Starts a pass over a stream of events; sessions do not disturb each other. */
  session(): Session;
}

/**
 * Prepares rules, as the loader gives them, for matching.
 * Throws nothing: whatever cannot be used was refused when it was parsed.
 */
export function compileRules(rules: readonly Rule[], { fields, bounds }: CompileOptions): RuleSet {
  const plan = planOf(rules);
  const matchEvent = compileFilters(plan.filters, { fields });
  const parts = { plan, matchEvent, readEvent: eventReader(fields), bounds: { ...defaultBounds, ...bounds } };
  return { rules, fields, session: () => new Session(parts) };
}
