// Parses conditions and values. The grammar is Elasticsearch's; each function is one production.

import {
  type Comparison,
  type ComparisonOperator,
  comparisonOperators,
  type Expression,
  type FieldReference,
  type Literal,
  type LogicalExpression,
  type PatternOperator,
  patternOperators,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import {
  arrayIndexProblem,
  equalsSignProblem,
  lineageProblem,
  lineageWords,
  methodCallProblem,
} from './endgame.ts';
import type { Token } from './token.ts';

/** expression: conjunction ('or' conjunction)* */
export function parseExpression(cursor: Cursor): Expression {
  return parseChain(cursor, 'or', () => parseChain(cursor, 'and', () => parseNegation(cursor)));
}

function parseChain(
  cursor: Cursor,
  kind: LogicalExpression['kind'],
  parseOperand: () => Expression,
): Expression {
  const first = parseOperand();
  if (!cursor.is(kind)) return first;
  const operands = [first];
  while (cursor.take(kind)) operands.push(parseOperand());
  return { kind, of: operands, start: first.start, end: cursor.lastEnd };
}

/** negation: 'not' negation | comparison */
function parseNegation(cursor: Cursor): Expression {
  const { start } = cursor.token;
  if (!cursor.take('not')) return parseComparison(cursor);
  return cursor.nested(() => ({ kind: 'not', of: parseNegation(cursor), start, end: cursor.lastEnd }));
}

/** comparison: sum (('==' | '!=' | '<' | '<=' | '>' | '>=') sum)? */
function parseComparison(cursor: Cursor): Expression {
  const left = parseSum(cursor);
  const operator = takeComparisonOperator(cursor);
  if (operator === undefined) return left;
  const right = parseSum(cursor);
  if (comparisonOperators.some((sign) => cursor.is(sign))) {
    cursor.refuse(cursor.token.start, {
      code: 'chained-comparison',
      message: `expected the end of the comparison, found \`${cursor.token.value}\``,
      hint: 'Comparisons cannot be chained; join two of them with `and`.',
    });
  }
  const comparison: Comparison = {
    kind: 'comparison',
    operator,
    left,
    right,
    start: left.start,
    end: right.end,
  };
  return comparison;
}

function takeComparisonOperator(cursor: Cursor): ComparisonOperator | undefined {
  if (cursor.is('=')) cursor.refuse(cursor.token.start, equalsSignProblem);
  return comparisonOperators.find((operator) => cursor.take(operator));
}

/** sum: product (('+' | '-') product)* */
function parseSum(cursor: Cursor): Expression {
  return parseArithmetic(cursor, ['+', '-'], () =>
    parseArithmetic(cursor, ['*', '/', '%'], () => parseSign(cursor)),
  );
}

function parseArithmetic(
  cursor: Cursor,
  operators: readonly ('+' | '-' | '*' | '/' | '%')[],
  parseOperand: () => Expression,
): Expression {
  let left = parseOperand();
  for (;;) {
    const operator = operators.find((sign) => cursor.take(sign));
    if (operator === undefined) return left;
    const right = parseOperand();
    left = { kind: 'arithmetic', operator, left, right, start: left.start, end: right.end };
  }
}

/** sign: ('-' | '+') sign | primary predicate? */
function parseSign(cursor: Cursor): Expression {
  const { start } = cursor.token;
  if (cursor.take('-')) {
    return cursor.nested(() => ({ kind: 'minus', of: parseSign(cursor), start, end: cursor.lastEnd }));
  }
  if (cursor.take('+')) return cursor.nested(() => parseSign(cursor));
  return parsePredicate(cursor, parsePrimary(cursor));
}

/**
 * predicate: 'not'? ('in' | 'in~') '(' expression (',' expression)* ')'
 *          | (':' | 'like' | 'like~' | 'regex' | 'regex~') (constant | '(' constant (',' constant)* ')')
 */
function parsePredicate(cursor: Cursor, of: Expression): Expression {
  const { start } = of;
  const negated = cursor.is('not') && (cursor.isFollowedBy('in') || cursor.isFollowedBy('in~'));
  if (negated) cursor.next();
  const insensitive = cursor.is('in~');
  if (insensitive || cursor.is('in')) {
    cursor.next();
    cursor.expect('(', 'The values stand in parentheses: `in ("…", "…")`.');
    const values = parseList(cursor, () => parseExpression(cursor));
    return { kind: 'in', of, negated, insensitive, values, start, end: cursor.lastEnd };
  }
  const operator = patternOperators.find((sign) => cursor.take(sign));
  if (operator === undefined) return of;
  return {
    kind: 'pattern',
    operator,
    of,
    values: parsePatterns(cursor, operator),
    start,
    end: cursor.lastEnd,
  };
}

function parsePatterns(cursor: Cursor, operator: PatternOperator): readonly Literal[] {
  if (cursor.take('('))
    return parseList(cursor, () => parseConstant(cursor) ?? cursor.unexpected('a string'));
  const constant = parseConstant(cursor);
  if (constant !== undefined) return [constant];
  if (operator === ':' && cursor.token.kind === 'identifier' && cursor.isFollowedBy('(')) {
    cursor.refuse(cursor.token.start, methodCallProblem);
  }
  const hint = cursor.token.kind === 'identifier' ? 'Fields cannot be compared with fields.' : undefined;
  cursor.unexpected('a string, or a list of strings in parentheses', hint);
}

/** The rest of a list after its opening parenthesis. */
function parseList<T>(cursor: Cursor, parseItem: () => T): readonly T[] {
  const items = [parseItem()];
  while (cursor.take(',')) items.push(parseItem());
  if (!cursor.is(')')) cursor.unexpected('`,` or `)`');
  cursor.next();
  return items;
}

/** primary: constant | call | field | '(' expression ')' */
function parsePrimary(cursor: Cursor): Expression {
  const constant = parseConstant(cursor);
  if (constant !== undefined) return constant;
  const { token } = cursor;
  if (cursor.take('(')) {
    const inner = cursor.nested(() => parseExpression(cursor));
    if (!cursor.is(')')) cursor.unexpected('`)`, or an operator');
    cursor.next();
    return { ...inner, start: token.start, end: cursor.lastEnd };
  }
  if (token.kind === 'identifier' && cursor.isFollowedBy('of') && lineageWords.has(token.value)) {
    cursor.refuse(token.start, lineageProblem(token.value));
  }
  if (token.kind === 'insensitive-name' || (token.kind === 'identifier' && cursor.isFollowedBy('('))) {
    return parseCall(cursor, token);
  }
  if (cursor.is('?') || token.kind === 'identifier' || token.kind === 'quoted-identifier')
    return parseField(cursor);
  if (token.kind === 'keyword') {
    cursor.unexpected(
      'a value or a condition',
      `A field of that name is written \`${token.value}\` in backquotes.`,
    );
  }
  cursor.unexpected('a value or a condition');
}

/** call: (name | name '~') '(' (expression (',' expression)*)? ')' */
function parseCall(cursor: Cursor, name: Token): Expression {
  cursor.next();
  cursor.expect('(');
  const values = cursor.take(')')
    ? []
    : cursor.nested(() => parseList(cursor, () => parseExpression(cursor)));
  return {
    kind: 'call',
    name: name.value,
    insensitive: name.kind === 'insensitive-name',
    arguments: values,
    start: name.start,
    end: cursor.lastEnd,
  };
}

/** field: '?'? identifier ('.' identifier)* */
function parseField(cursor: Cursor): FieldReference {
  const { start } = cursor.token;
  const optional = cursor.take('?');
  const segments = [parseSegment(cursor)];
  for (;;) {
    if (cursor.is('[') && cursor.following.kind === 'integer') {
      cursor.refuse(cursor.token.start, arrayIndexProblem);
    }
    if (!cursor.take('.')) return { kind: 'field', segments, optional, start, end: cursor.lastEnd };
    segments.push(parseSegment(cursor));
  }
}

function parseSegment(cursor: Cursor): string {
  const { token } = cursor;
  if (token.kind === 'identifier' || token.kind === 'quoted-identifier') {
    cursor.next();
    return token.value;
  }
  const hint =
    token.kind === 'keyword'
      ? `A field of that name is written \`${token.value}\` in backquotes.`
      : undefined;
  cursor.unexpected('a field name', hint);
}

/** constant: 'null' | 'true' | 'false' | number | string */
function parseConstant(cursor: Cursor): Literal | undefined {
  const { token } = cursor;
  const { start, end } = token;
  switch (token.kind) {
    case 'string':
      cursor.next();
      return { kind: 'string', value: token.value, start, end };
    case 'integer':
    case 'decimal':
      cursor.next();
      return { kind: 'number', value: numberOf(cursor, token), start, end };
    case 'keyword':
      if (cursor.take('null')) return { kind: 'null', start, end };
      if (cursor.take('true')) return { kind: 'boolean', value: true, start, end };
      if (cursor.take('false')) return { kind: 'boolean', value: false, start, end };
      return undefined;
    default:
      return undefined;
  }
}

const maxLong = 2n ** 64n - 1n;

/** Integers beyond 64 bits become floating point numbers, as in Elasticsearch. */
function numberOf(cursor: Cursor, token: Token): bigint | number {
  if (token.kind === 'integer') {
    const integer = BigInt(token.value);
    if (integer <= maxLong) return integer;
  }
  const number = Number(token.value);
  if (!Number.isFinite(number)) {
    cursor.refuse(token.start, { code: 'number-range', message: 'expected a number that fits into 64 bits' });
  }
  return number;
}
