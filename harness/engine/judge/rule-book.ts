// The rules of one run, ready to judge with: what was loaded, what could not be used, what nobody can see.

import type { DocumentedEvasion } from '../../model/axis.ts';
import { formatProblem, type Problem } from '../../model/errors.ts';
import type { SensorName } from '../../model/event.ts';
import { compileRules, type Rule, type RuleSet } from '../../rules/index.ts';

/** A rule that was refused, and why. */
export interface UnusableRule {
  id: string;
  slug: string;
  title: string;
  language: 'sigma' | 'eql';
  file: string;
  problems: readonly Problem[];
}

export interface RuleBook {
  rules: readonly Rule[];
  unusable: readonly UnusableRule[];
  /** Slugs of the bundled rules: what fires without being expected is noted for these only. */
  bundled: ReadonlySet<string>;
  set: RuleSet;
  notes: RuleNotes;
  /** Why none of these sensors can feed the rule; null when one can. */
  unavailable(rule: Rule, sensors: readonly SensorName[]): string | null;
}

/** What is said of rules beside them, by their slugs. */
export interface RuleNotes {
  /** Ids of the analytics of ATT&CK to which a rule belongs. */
  readonly analytics: ReadonlyMap<string, readonly string[]>;
  /** Branches that no run proves, in words, and why they are there all the same. */
  readonly unproven: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Misses along the axes of variants; none unless given. */
  readonly evasions?: ReadonlyMap<string, readonly DocumentedEvasion[]>;
}

export interface RuleBookOptions {
  unusable: readonly UnusableRule[];
  bundled: ReadonlySet<string>;
  /** Which names the events will use. */
  fields: 'ecs' | 'sigma';
  sensorsFor: SensorsFor;
  /** None unless given; asked for when the first of them is needed. */
  notes?: () => RuleNotes;
}

export const ruleBook = (
  rules: readonly Rule[],
  {
    unusable,
    bundled,
    fields,
    sensorsFor,
    notes = () => ({ analytics: new Map(), unproven: new Map() }),
  }: RuleBookOptions,
): RuleBook => ({
  rules,
  unusable,
  bundled,
  set: compileRules(rules, { fields }),
  get notes() {
    return notes();
  },
  unavailable: (rule, sensors) => {
    const feeding = sensorsFor(rule);
    if (feeding.some((sensor) => sensors.includes(sensor))) return null;
    return feeding.length > 0
      ? `needs the sensor ${feeding.join(' or ')}, which this run did not use`
      : 'no sensor provides its log source';
  },
});

export const whyUnusable = ({ problems }: UnusableRule): string => problems.map(formatProblem).join('\n');

/** Which of the sensors can feed a rule; empty when its log source is none of theirs. */
export type SensorsFor = (rule: Rule) => readonly SensorName[];
