// The rules of one run, ready to judge with: what was loaded, what could not be used, what nobody can see.

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
  /** Why none of these sensors can feed the rule; null when one can. */
  unavailable(rule: Rule, sensors: readonly SensorName[]): string | null;
}

export interface RuleBookOptions {
  unusable: readonly UnusableRule[];
  bundled: ReadonlySet<string>;
  /** Which names the events will use. */
  fields: 'ecs' | 'sigma';
  sensorsFor: SensorsFor;
}

export const ruleBook = (
  rules: readonly Rule[],
  { unusable, bundled, fields, sensorsFor }: RuleBookOptions,
): RuleBook => ({
  rules,
  unusable,
  bundled,
  set: compileRules(rules, { fields }),
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
