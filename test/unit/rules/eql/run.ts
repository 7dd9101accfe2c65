// Runs queries on events, for the tests of EQL.

import { formatProblem } from '../../../../harness/model/errors.ts';
import { parseEql } from '../../../../harness/rules/eql/index.ts';
import { compileRules } from '../../../../harness/rules/match/rule-set.ts';
import type { Rule } from '../../../../harness/rules/rule.ts';

/** The rule of a query that must be usable; its problems in the error otherwise. */
export function ruleOf(query: string): Rule {
  const { rules, problems } = parseEql('query.eql', query);
  const [rule] = rules;
  if (rule === undefined) throw new TypeError(problems.map(formatProblem).join('\n'));
  return rule;
}

/** The problems of a query as text. */
export const problemsOf = (query: string): string[] =>
  parseEql('query.eql', query).problems.map(formatProblem);

/** Indexes of the events of each match, in the order of the stages. */
export function matchesOf(rule: Rule | string, events: readonly object[]): number[][] {
  const session = compileRules([typeof rule === 'string' ? ruleOf(rule) : rule], { fields: 'ecs' }).session();
  const matches = events.flatMap((event, index) => session.push(event, index));
  return [...matches, ...session.finish()].map(({ handles }) => [...handles]);
}

/** Whether a condition holds on an event. */
export const holdsOn = (condition: string, event: object): boolean =>
  matchesOf(`any where ${condition}`, [event]).length === 1;
