// Conditions that are more than one field against literals: compiled to closures over the values of their fields.
//
// Null logic: a function or comparison of null is null, `and`, `or` and `not` know three values, and a condition
// holds when it is true for some choice of one value per mention of a field, as in Elasticsearch.

import type { Place } from '../../model/place.ts';
import { fold } from '../match/text.ts';
import { textTester } from '../match/value-test.ts';
import type { ComputedTest } from '../predicate.ts';
import {
  type Comparison,
  type Expression,
  type FieldReference,
  type FunctionCall,
  fieldPath,
  type Membership,
  type PatternMatch,
} from './ast.ts';
import { calculate } from './functions/arithmetic.ts';
import type { Parameter } from './functions/function.ts';
import { functionNamed } from './functions/index.ts';
import { maxCombinations } from './limits.ts';
import { printExpression } from './printer.ts';
import { valueRegex } from './regex-pattern.ts';
import { compareValues, orderHolds, toNumber, toText, type Value, valuesOf } from './value.ts';
import { wildcardTest } from './wildcard-pattern.ts';

/** The condition as a test of an event. Its types have been checked before. */
export function computedTest(
  expression: Expression,
  place: Place,
  placeOf: (field: FieldReference) => Place,
): ComputedTest {
  const mentions: FieldReference[] = [];
  const evaluate = compile(expression, mentions);
  const columns = mentions.map(fieldPath);
  const fields = [...new Set(columns)];
  return {
    kind: 'computed',
    text: printExpression(expression),
    fields,
    fieldPlaces: fields.flatMap((field) => placeOf(mentions[columns.indexOf(field)] as FieldReference)),
    holds: (value) =>
      someRow(
        columns.map((field) => valuesOf(value(field))),
        (row) => evaluate(row) === true,
      ),
    place,
  };
}

/** The value of an expression without fields. Its types have been checked before. */
export function evaluateConstant(expression: Expression): Value {
  return compile(expression, [])([]);
}

/** Tries every choice of one value per column, up to a bound. */
function someRow(columns: readonly (readonly Value[])[], test: (row: readonly Value[]) => boolean): boolean {
  const size = columns.reduce((product, column) => product * column.length, 1);
  for (let index = 0; index < Math.min(size, maxCombinations); index++) {
    let rest = index;
    const row = columns.map((column) => {
      const value = column[rest % column.length] ?? null;
      rest = Math.floor(rest / column.length);
      return value;
    });
    if (test(row)) return true;
  }
  return false;
}

/** `row[i]` is the value chosen for the i-th mention of a field. */
type Evaluate = (row: readonly Value[]) => Value;

function compile(expression: Expression, mentions: FieldReference[]): Evaluate {
  switch (expression.kind) {
    case 'string':
    case 'number':
    case 'boolean': {
      const { value } = expression;
      return () => value;
    }
    case 'null':
      return () => null;
    case 'field': {
      const mention = mentions.push(expression) - 1;
      return (row) => row[mention] ?? null;
    }
    case 'call':
      return compileCall(expression, mentions);
    case 'not': {
      const operand = compile(expression.of, mentions);
      return (row) => {
        const value = operand(row);
        return value === null ? null : value !== true;
      };
    }
    case 'minus': {
      const operand = compile(expression.of, mentions);
      return (row) => {
        const value = toNumber(operand(row));
        return value === null ? null : -value;
      };
    }
    case 'and':
    case 'or':
      return compileLogical(expression.kind, expression.of, mentions);
    case 'comparison':
      return compileComparison(expression, mentions);
    case 'arithmetic': {
      const left = compile(expression.left, mentions);
      const right = compile(expression.right, mentions);
      return (row) => calculate(expression.operator, left(row), right(row));
    }
    case 'in':
      return compileMembership(expression, mentions);
    case 'pattern':
      return compilePattern(expression, mentions);
  }
}

/** Whichever operand decides, decides; else null when one is null. */
function compileLogical(kind: 'and' | 'or', of: readonly Expression[], mentions: FieldReference[]): Evaluate {
  const operands = of.map((operand) => compile(operand, mentions));
  const deciding = kind === 'or';
  return (row) => {
    let undecided = false;
    for (const operand of operands) {
      const value = operand(row);
      if (value === deciding) return deciding;
      if (value === null) undecided = true;
    }
    return undecided ? null : !deciding;
  };
}

/** `== null` and `!= null` ask whether there is a value; any other comparison with null is null. */
function compileComparison({ operator, left, right }: Comparison, mentions: FieldReference[]): Evaluate {
  const first = compile(left, mentions);
  const second = compile(right, mentions);
  if (operator === '==' || operator === '!=') {
    const negated = operator === '!=';
    const asksForNull = left.kind === 'null' || right.kind === 'null';
    return (row) => {
      const a = first(row);
      const b = second(row);
      if (asksForNull) return (a === b) !== negated;
      return a === null || b === null ? null : (compareValues(a, b) === 0) !== negated;
    };
  }
  return (row) => {
    const a = first(row);
    const b = second(row);
    if (a === null || b === null) return null;
    const order = compareValues(a, b);
    return order === undefined ? null : orderHolds[operator](order);
  };
}

function compileMembership(
  { of, values, negated, insensitive }: Membership,
  mentions: FieldReference[],
): Evaluate {
  const operand = compile(of, mentions);
  const members = values.map((value) => compile(value, mentions));
  return (row) => {
    const value = operand(row);
    if (value === null) return null;
    return members.some((member) => equal(value, member(row), insensitive)) !== negated;
  };
}

function equal(left: Value, right: Value, insensitive: boolean): boolean {
  if (!insensitive) return compareValues(left, right) === 0;
  const [a, b] = [toText(left), toText(right)];
  return a !== null && b !== null && fold(a) === fold(b);
}

function compilePattern({ of, operator, values }: PatternMatch, mentions: FieldReference[]): Evaluate {
  const operand = compile(of, mentions);
  const tests = values.map((value) => patternTest(operator, toText(evaluateConstant(value)) ?? ''));
  return (row) => {
    const value = toText(operand(row));
    return value === null ? null : tests.some((test) => test(value));
  };
}

function patternTest(operator: PatternMatch['operator'], pattern: string): (text: string) => boolean {
  switch (operator) {
    case ':':
    case 'like~':
      return textTester(wildcardTest(pattern, true));
    case 'like':
      return textTester(wildcardTest(pattern, false));
    case 'regex':
    case 'regex~': {
      const matcher = valueRegex(pattern, operator === 'regex~');
      return typeof matcher === 'function' ? matcher : () => false;
    }
  }
}

function compileCall(call: FunctionCall, mentions: FieldReference[]): Evaluate {
  const called = functionNamed(call.name);
  if (called === undefined) return () => null;
  const { parameters, apply } = called;
  const given = call.arguments.map((argument, index) => ({
    parameter: parameters[Math.min(index, parameters.length - 1)],
    evaluate: compile(argument, mentions),
  }));
  return (row) => {
    const values: Value[] = [];
    for (const { parameter, evaluate } of given) {
      const value = parameter ? convert(evaluate(row), parameter) : null;
      if (value === null && parameter?.nullable !== true) return null;
      values.push(value);
    }
    return apply(values, call.insensitive);
  };
}

/** Events carry no types: a field that holds a number where text is wanted, or the other way round, is converted. */
function convert(value: Value, { type }: Parameter): Value {
  switch (type) {
    case 'string':
      return toText(value);
    case 'number':
    case 'integer':
      return toNumber(value);
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'any':
      return value;
  }
}
