// Predicates in words, for explanations and coverage: the same words whatever language the rule is written in.

import { anyOne, anyRun, type Predicate, type ValueTest, type WildcardPattern } from './predicate.ts';

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

/** The text and numbers of events and rules, quoted so that spaces and line breaks show. */
export const quote = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

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
