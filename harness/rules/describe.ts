// Predicates in words, for explanations and coverage: the same words whatever language the rule is written in.

import { anyOne, anyRun, type Predicate, type ValueTest, type WildcardPattern } from './predicate.ts';
import type { CorrelationQuery, RuleExpression } from './rule.ts';

/** The predicate in words, on one line: `file.path starts with "/etc/cron.d/"`. */
export function describe(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value ? 'always' : 'never';
    case 'and':
      return predicate.of.length === 0 ? 'always' : predicate.of.map(describeOperand).join(' and ');
    case 'or':
      return predicate.of.length === 0 ? 'never' : predicate.of.map(describeOperand).join(' or ');
    case 'not':
      return `not ${describeOperand(predicate.of)}`;
    case 'field':
      return `${predicate.field} ${describeTest(predicate.test)}`;
    case 'keyword':
      return `any value ${describeTest(predicate.test)}`;
    case 'computed':
      return predicate.text;
  }
}

/** The test in words, to stand behind the name of a field. */
function describeTest(test: ValueTest): string {
  switch (test.op) {
    case 'exists':
      return 'is present';
    case 'equals':
      return `is ${quote(test.value)}${caseNote(test)}`;
    case 'starts-with':
      return `starts with ${quote(test.value)}${caseNote(test)}`;
    case 'ends-with':
      return `ends with ${quote(test.value)}${caseNote(test)}`;
    case 'contains':
      return `contains ${quote(test.value)}${caseNote(test)}`;
    case 'wildcard':
      return `is like ${quote(patternText(test.pattern))}${caseNote(test)}`;
    case 'regex':
      return `${test.whole ? 'is all' : 'has a'} match of /${test.source}/${test.flags}`;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${test.op} ${quote(test.value)}`;
    case 'cidr':
      return `is in ${test.network}`;
  }
}

/** The correlation in words: `value_count of user >= 3 in failed-login, within 300 s, by host`. */
export function describeCorrelation(query: CorrelationQuery): string {
  const { type, rules, expression, groupBy, timespanMs, condition } = query;
  const field = condition?.field === undefined ? '' : ` of ${condition.field.join(', ')}`;
  const bounds = (condition?.bounds ?? []).map(({ op, value }) => `${boundSigns[op]} ${value}`).join(' and ');
  const measured = `${type}${field}${bounds === '' ? '' : ` ${bounds}`}`;
  const events = expression === undefined ? rules.join(', ') : describeExpression(expression);
  const groups = groupBy.length === 0 ? '' : `, by ${groupBy.join(', ')}`;
  return `${measured} in ${events}, within ${timespanMs / 1000} s${groups}`;
}

const boundSigns = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '!=' } as const;

function describeExpression(expression: RuleExpression): string {
  switch (expression.kind) {
    case 'rule':
      return expression.id;
    case 'not':
      return `not ${describeExpression(expression.of)}`;
    case 'and':
    case 'or':
      return `(${expression.of.map(describeExpression).join(` ${expression.kind} `)})`;
  }
}

/** The text and numbers of events and rules, quoted so that spaces and line breaks show. */
export const quote = (value: unknown): string =>
  typeof value === 'bigint'
    ? String(value)
    : (JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each)) ??
      'nothing');

const describeOperand = (predicate: Predicate): string =>
  (predicate.kind === 'and' || predicate.kind === 'or') && predicate.of.length > 1
    ? `(${describe(predicate)})`
    : describe(predicate);

const caseNote = ({ caseless }: { readonly caseless: boolean }): string => (caseless ? ' (any case)' : '');

const patternText = (pattern: WildcardPattern): string =>
  pattern
    .map((part) => {
      if (part === anyRun) return '*';
      if (part === anyOne) return '?';
      return part.replace(/[*?\\]/g, '\\$&');
    })
    .join('');
