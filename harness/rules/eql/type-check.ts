// Finds what cannot mean anything before it is run: unknown functions, wrong arguments, fields against fields.
//
// Fields have no type here (an event's mapping is not known), so only literals and results are checked.

import type { ProblemText } from '../../model/source.ts';
import { suggestion } from '../../model/suggestion.ts';
import type { Comparison, Expression, FunctionCall, Membership, PatternMatch } from './ast.ts';
import { functionProblems } from './endgame.ts';
import type { EqlFunction, Parameter } from './functions/function.ts';
import { functionNamed, functions } from './functions/index.ts';
import { valueRegex } from './regex-pattern.ts';
import type { Span } from './span.ts';
import { parseNumber } from './value.ts';

export type Report = (at: Span, problem: ProblemText) => void;

/** What an expression gives, as far as that is known without an event. */
export type StaticType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'unknown';

/** Reports about everything inside of the expression that can never work; gives its type. */
export function checkTypes(expression: Expression, report: Report): StaticType {
  switch (expression.kind) {
    case 'string':
    case 'boolean':
    case 'null':
      return expression.kind;
    case 'number':
      return typeof expression.value === 'bigint' ? 'integer' : 'number';
    case 'field':
      return 'unknown';
    case 'call':
      return checkCall(expression, report);
    case 'not':
      requireBoolean(expression.of, report);
      return 'boolean';
    case 'and':
    case 'or':
      for (const operand of expression.of) requireBoolean(operand, report);
      return 'boolean';
    case 'minus':
      return requireNumber(expression.of, report);
    case 'arithmetic': {
      const sides = [requireNumber(expression.left, report), requireNumber(expression.right, report)];
      return sides.every((side) => side === 'integer') ? 'integer' : 'number';
    }
    case 'comparison':
      checkComparison(expression, report);
      return 'boolean';
    case 'in':
      checkMembership(expression, report);
      return 'boolean';
    case 'pattern':
      checkPattern(expression, report);
      return 'boolean';
  }
}

/** Whether the expression mentions no field. */
export function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return true;
    case 'field':
      return false;
    case 'call':
      return expression.arguments.every(isConstant);
    case 'not':
    case 'minus':
      return isConstant(expression.of);
    case 'and':
    case 'or':
      return expression.of.every(isConstant);
    case 'comparison':
    case 'arithmetic':
      return isConstant(expression.left) && isConstant(expression.right);
    case 'in':
      return isConstant(expression.of) && expression.values.every(isConstant);
    case 'pattern':
      return isConstant(expression.of);
  }
}

/**
 * Two optional fields: Elasticsearch takes those that no index knows for null. Where an index knows one of them, it
 * compares that with null; where it knows both, it refuses the query.
 * @source elastic/elasticsearch, OptionalUnresolvedAttribute
 */
export const comparesOptionalFields = ({ left, right }: Comparison): boolean =>
  left.kind === 'field' && left.optional && right.kind === 'field' && right.optional;

function checkComparison(comparison: Comparison, report: Report): void {
  const { left, right } = comparison;
  if (comparesOptionalFields(comparison)) return;
  const types = [checkTypes(left, report), checkTypes(right, report)];
  if (!isConstant(left) && !isConstant(right)) {
    report(
      right,
      isBareWord(right)
        ? { ...fieldComparison, hint: 'A string stands between double quotes.' }
        : fieldComparison,
    );
    return;
  }
  const text = left.kind === 'string' ? left : right;
  const isNumber = types.some((type) => type === 'number' || type === 'integer');
  if (text.kind === 'string' && isNumber && parseNumber(text.value) === null) {
    report(text, {
      code: 'number-comparison',
      message: 'expected a number to compare with a number, found a string',
      hint: 'A field name with a hyphen is written in backquotes: `my-field`.',
    });
  }
}

const isBareWord = (expression: Expression): boolean =>
  expression.kind === 'field' && expression.segments.length === 1;

const fieldComparison: ProblemText = {
  code: 'field-comparison',
  message: 'expected a literal to compare with; Elasticsearch does not compare fields with fields',
  hint: 'Compare each field with a literal, or join two events on the fields with `sequence by`.',
};

/** Reports unless the expression can be true or false. */
export function requireBoolean(expression: Expression, report: Report): void {
  const type = checkTypes(expression, report);
  if (type === 'boolean' || type === 'null' || type === 'unknown') return;
  report(expression, {
    code: 'not-a-condition',
    message: `expected a condition, found ${articled(type)}`,
    hint: 'Compare the value with something: `… == …`.',
  });
}

function requireNumber(expression: Expression, report: Report): StaticType {
  const type = checkTypes(expression, report);
  if (type === 'string' || type === 'boolean') {
    report(expression, { code: 'not-a-number', message: `expected a number, found ${articled(type)}` });
  }
  return type === 'integer' ? 'integer' : 'number';
}

function checkMembership({ of, values, insensitive }: Membership, report: Report): void {
  checkTypes(of, report);
  for (const value of values) {
    const type = checkTypes(value, report);
    if (!isConstant(value)) report(value, fieldComparison);
    else if (insensitive && type !== 'string' && type !== 'null') {
      report(value, {
        code: 'not-a-string',
        message: `expected a string after \`in~\`, found ${articled(type)}`,
      });
    }
  }
}

function checkPattern({ of, operator, values }: PatternMatch, report: Report): void {
  const type = checkTypes(of, report);
  if (type !== 'string' && type !== 'unknown' && type !== 'null') {
    report(of, { code: 'not-a-string', message: `expected a string to match, found ${articled(type)}` });
  }
  for (const value of values) {
    if (value.kind !== 'string') {
      report(value, {
        code: 'not-a-string',
        message: `expected a string after \`${operator}\`, found ${articled(checkTypes(value, report))}`,
        hint: value.kind === 'null' ? 'Write `== null`.' : 'Write `==` or `in`.',
      });
    } else if (of.kind !== 'field' && operator.startsWith('regex')) {
      const matcher = valueRegex(value.value, operator === 'regex~');
      if (typeof matcher !== 'function') report(value, matcher);
    }
  }
}

function checkCall(call: FunctionCall, report: Report): StaticType {
  const called = functionNamed(call.name);
  if (called === undefined) {
    report(call, functionProblems[call.name.toLowerCase()] ?? unknownFunction(call.name));
    return 'unknown';
  }
  if (call.insensitive && !called.insensitive) {
    report(call, {
      code: 'no-insensitive-form',
      message: `expected \`${called.name}(\`, found \`${call.name}~(\`: the function does not look at case`,
    });
  }
  checkCount(call, called, report);
  for (const [index, argument] of call.arguments.entries()) {
    const parameter = called.parameters[Math.min(index, called.parameters.length - 1)];
    if (parameter) checkArgument(call, argument, parameter, report);
  }
  return called.returns;
}

function unknownFunction(name: string): ProblemText {
  return {
    code: 'unknown-function',
    message: `expected the name of a function, found \`${name}\``,
    hint: suggestion(
      name,
      functions.map((known) => known.name),
      'There are',
    ),
  };
}

function checkCount(call: FunctionCall, called: EqlFunction, report: Report): void {
  const count = call.arguments.length;
  const least = called.parameters.filter((parameter) => !parameter.optional).length;
  const most = called.repeats ? Number.POSITIVE_INFINITY : called.parameters.length;
  if (count >= least && count <= most) return;
  const names = called.parameters.map(({ name, optional }) => (optional ? `[${name}]` : name)).join(', ');
  report(call, {
    code: 'argument-count',
    message: `expected \`${called.name}(${names}${called.repeats ? ', …' : ''})\`, found ${count} argument${count === 1 ? '' : 's'}`,
  });
}

function checkArgument(call: FunctionCall, argument: Expression, parameter: Parameter, report: Report): void {
  const type = checkTypes(argument, report);
  if (!accepts(parameter, type)) {
    report(argument, {
      code: 'argument-type',
      message: `expected ${articled(parameter.type)} as ${parameter.name}, found ${articled(type)}`,
    });
  }
  if (parameter.literal === undefined || type === 'null') return;
  if (argument.kind !== 'string') {
    if (type === 'string' || type === 'unknown') {
      report(argument, {
        code: 'argument-literal',
        message: `expected a string literal as ${parameter.name}`,
      });
    }
    return;
  }
  // On a field, the pattern is Lucene's and is checked where the test is made.
  if (call.arguments[0]?.kind === 'field') return;
  const problem = parameter.literal(argument.value);
  if (problem) report(argument, problem);
}

function accepts({ type: wanted }: Parameter, found: StaticType): boolean {
  if (found === 'unknown' || found === 'null' || wanted === 'any') return true;
  if (wanted === 'number') return found === 'number' || found === 'integer';
  return wanted === found || (wanted === 'integer' && found === 'number');
}

const articled = (type: StaticType | Parameter['type']): string =>
  type === 'integer'
    ? 'an integer'
    : type === 'null' || type === 'any' || type === 'unknown'
      ? type
      : `a ${type}`;
