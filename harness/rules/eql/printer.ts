// Writes a parsed query back as text that parses to the same query.

import type {
  ArithmeticOperator,
  DurationNode,
  EventFilterNode,
  Expression,
  FieldReference,
  Literal,
  SequenceNode,
  Statement,
  TermNode,
} from './ast.ts';
import { keywords } from './token.ts';

/** The query as text: one line for an event query, one line per stage for sequences and samples. */
export function printQuery({ query, pipes }: Statement): string {
  return [printBody(query), ...pipes.map((pipe) => `| ${pipe.kind} ${printExpression(pipe.count)}`)].join(
    '\n',
  );
}

/** A condition or a value as text, with the fewest parentheses that keep its meaning. */
export function printExpression(expression: Expression): string {
  return printAt(expression, binding.or);
}

function printBody(query: Statement['query']): string {
  switch (query.kind) {
    case 'event':
      return printFilter(query.filter);
    case 'sequence':
      return printSequence(query);
    case 'sample':
      return [`sample${printKeys(query.by)}`, ...query.terms.map(printTerm)].join('\n');
  }
}

function printSequence({ by, maxSpan, terms, until }: SequenceNode): string {
  const head = `sequence${printKeys(by)}${maxSpan ? printMaxSpan(maxSpan) : ''}`;
  return [head, ...terms.map(printTerm), ...(until ? [`until${printTerm(until)}`] : [])].join('\n');
}

const printMaxSpan = ({ count, unit }: DurationNode): string => ` with maxspan=${count}${unit}`;

function printTerm({ filter, missing, by, runs }: TermNode): string {
  const repeat = runs === 1 ? '' : ` with runs=${runs}`;
  return `  ${missing ? '!' : ''}[${printFilter(filter)}]${printKeys(by)}${repeat}`;
}

function printFilter({ category, where }: EventFilterNode): string {
  return `${category === undefined ? 'any' : printCategory(category)} where ${printExpression(where)}`;
}

const printKeys = (by: readonly FieldReference[]): string =>
  by.length === 0 ? '' : ` by ${by.map(printField).join(', ')}`;

/** How tightly each kind of node binds; a node inside a tighter one needs parentheses. */
const binding = {
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  sum: 5,
  product: 6,
  sign: 7,
  predicate: 8,
  primary: 9,
};

const arithmeticBinding: Readonly<Record<ArithmeticOperator, number>> = {
  '+': binding.sum,
  '-': binding.sum,
  '*': binding.product,
  '/': binding.product,
  '%': binding.product,
};

function bindingOf(expression: Expression): number {
  switch (expression.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'field':
    case 'call':
      return binding.primary;
    case 'in':
    case 'pattern':
      return binding.predicate;
    case 'minus':
      return binding.sign;
    case 'arithmetic':
      return arithmeticBinding[expression.operator];
    case 'comparison':
      return binding.comparison;
    case 'not':
      return binding.not;
    case 'and':
      return binding.and;
    case 'or':
      return binding.or;
  }
}

function printAt(expression: Expression, least: number): string {
  const text = printNode(expression);
  return bindingOf(expression) < least ? `(${text})` : text;
}

function printNode(expression: Expression): string {
  switch (expression.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return printLiteral(expression);
    case 'field':
      return printField(expression);
    case 'call':
      return `${expression.name}${expression.insensitive ? '~' : ''}(${printList(expression.arguments)})`;
    case 'in': {
      const operator = `${expression.negated ? 'not ' : ''}in${expression.insensitive ? '~' : ''}`;
      return `${printAt(expression.of, binding.primary)} ${operator} (${printList(expression.values)})`;
    }
    case 'pattern': {
      const patterns = expression.values.map(printLiteral).join(', ');
      const list = expression.values.length === 1 ? patterns : `(${patterns})`;
      return `${printAt(expression.of, binding.primary)} ${expression.operator} ${list}`;
    }
    case 'minus':
      return `-${printAt(expression.of, binding.sign)}`;
    case 'arithmetic': {
      const least = arithmeticBinding[expression.operator];
      return `${printAt(expression.left, least)} ${expression.operator} ${printAt(expression.right, least + 1)}`;
    }
    case 'comparison': {
      const { left, operator, right } = expression;
      return `${printAt(left, binding.sum)} ${operator} ${printAt(right, binding.sum)}`;
    }
    case 'not':
      return `not ${printAt(expression.of, binding.not)}`;
    case 'and':
    case 'or': {
      const least = binding[expression.kind] + 1;
      return expression.of.map((operand) => printAt(operand, least)).join(` ${expression.kind} `);
    }
  }
}

const printList = (expressions: readonly Expression[]): string => expressions.map(printExpression).join(', ');

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return printString(literal.value);
    case 'number':
      return printNumber(literal.value);
    case 'boolean':
      return String(literal.value);
    case 'null':
      return 'null';
  }
}

/** A floating point number keeps its point, since that decides how it divides. */
function printNumber(value: bigint | number): string {
  const text = String(value);
  return typeof value === 'number' && /^\d+$/.test(text) ? `${text}.0` : text;
}

function printString(value: string): string {
  const escaped = value.replace(
    /[\\"\p{Cc}]/gu,
    (character) => escapes[character] ?? unicodeEscape(character),
  );
  return `"${escaped}"`;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

const unicodeEscape = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;

const printField = ({ segments, optional }: FieldReference): string =>
  `${optional ? '?' : ''}${segments.map(printName).join('.')}`;

const plainName = /^[A-Za-z_@][A-Za-z0-9_]*$/;
const reserved: ReadonlySet<string> = new Set(keywords);

const printName = (name: string): string =>
  plainName.test(name) && !reserved.has(name) ? name : `\`${name.replaceAll('`', '``')}\``;

const printCategory = (category: string): string =>
  plainName.test(category) && !reserved.has(category) ? category : printString(category);
