// Runs a Sigma rule over events in the tests: text in, yes or no out.

import { expect } from 'vitest';
import { formatProblem, type Problem } from '../../../../harness/model/errors.ts';
import { compileRules } from '../../../../harness/rules/match/rule-set.ts';
import type { Predicate } from '../../../../harness/rules/predicate.ts';
import type { Rule } from '../../../../harness/rules/rule.ts';
import { parseSigma, type SigmaOptions } from '../../../../harness/rules/sigma/index.ts';
import { holds } from '../interpreter/interpret.ts';

/** A rule with the given `detection` part (YAML, not indented). */
export const ruleText = (
  detection: string,
  logsource = 'category: process_creation, product: linux',
): string =>
  `title: Test\nlogsource: {${logsource}}\ndetection:\n${detection.replace(/^/gm, '  ').trimEnd()}\n`;

export const inSigmaNames: SigmaOptions = { fields: 'sigma' };

/** The only rule of a text; fails with its problems when it can't be used. */
export function usable(text: string, options: SigmaOptions = inSigmaNames): Rule {
  const { rules, problems } = parseSigma('test.yml', text, options);
  expect(errorsIn(problems)).toEqual([]);
  const [rule] = rules;
  expect(rules).toHaveLength(1);
  return rule as Rule;
}

const errorsIn = (problems: readonly Problem[]): string[] =>
  problems.filter(({ severity }) => severity === 'error').map(formatProblem);

/** Problems as they are printed. */
export const problemsOf = (text: string, options: SigmaOptions = inSigmaNames): string[] =>
  parseSigma('test.yml', text, options).problems.map(formatProblem);

/** Whether the rule matches the event, by the engine and by the interpreter: both must agree. */
export function fires(rule: Rule, event: object, fields: 'ecs' | 'sigma' = 'sigma'): boolean {
  const session = compileRules([rule], { fields }).session();
  const matches = [...session.push(event, 1, 0), ...session.finish()];
  if (rule.query.kind === 'event' && !usesIpv6(rule.query.where)) {
    const interpreted = passesCategory(rule, event) && holds(rule.query.where, event);
    expect(matches.length > 0).toBe(interpreted);
  }
  return matches.length > 0;
}

/** The interpreter knows IPv4 only. */
function usesIpv6(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return predicate.of.some(usesIpv6);
    case 'not':
      return usesIpv6(predicate.of);
    case 'field':
    case 'keyword':
      return predicate.test.op === 'cidr' && predicate.test.network.includes(':');
    case 'constant':
    case 'computed':
      return false;
  }
}

const passesCategory = ({ query }: Rule, event: object): boolean => {
  if (query.kind !== 'event' || query.category === undefined) return true;
  const { event: told } = event as { event?: { category?: readonly string[] } };
  return told?.category?.includes(query.category) ?? false;
};

/** Whether a `detection` part matches an event in Sigma's field names. */
export const detects = (detection: string, event: object, options: SigmaOptions = inSigmaNames): boolean =>
  fires(usable(ruleText(detection), options), event);

/** The condition of an event rule. */
export function whereOf({ query }: Rule): Predicate {
  if (query.kind !== 'event') expect.fail(`not an event rule: ${query.kind}`);
  return query.where;
}
