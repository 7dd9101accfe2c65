// Lowers a condition to the predicate tree: tests of one field wherever that is all it is, computed tests otherwise.
//
// Negation is two-valued, as in Elasticsearch since it looks at every value of a field: `!=`, `not` and `not in`
// hold wherever the positive condition does not, on absent fields too. Optional fields (`?field`) need nothing of
// their own: they keep Elasticsearch from refusing a field that no index knows, and here no field is known beforehand.

import type { Place } from '../../model/place.ts';
import type { ProblemText } from '../../model/source.ts';
import { networkMatcher } from '../match/cidr.ts';
import type { Predicate, ValueTest } from '../predicate.ts';
import {
  type Comparison,
  type ComparisonOperator,
  type Expression,
  type FieldReference,
  type FunctionCall,
  fieldPath,
  type Membership,
  type PatternMatch,
} from './ast.ts';
import { computedTest, evaluateConstant } from './compute.ts';
import { isAddressField, typedTest } from './field-type.ts';
import { functionNamed } from './functions/index.ts';
import { foreignSyntax, luceneRegexTest } from './regex-pattern.ts';
import type { Span } from './span.ts';
import { comparesOptionalFields, isConstant, type Report, requireBoolean } from './type-check.ts';
import { toText, type Value, valuesOf } from './value.ts';
import { wildcardTest } from './wildcard-pattern.ts';

export interface ConditionContext {
  readonly report: Report;
  readonly place: (at: Span) => Place;
}

/** The condition as a predicate. What it reports becomes `false`. */
export function lowerCondition(expression: Expression, context: ConditionContext): Predicate {
  let usable = true;
  requireBoolean(expression, (at, problem) => {
    usable = false;
    context.report(at, problem);
  });
  return usable ? lower(expression, context) : constant(false, context.place(expression));
}

function lower(expression: Expression, context: ConditionContext): Predicate {
  const place = context.place(expression);
  if (isConstant(expression)) return constant(evaluateConstant(expression) === true, place);
  switch (expression.kind) {
    case 'and':
    case 'or':
      return { kind: expression.kind, of: expression.of.map((operand) => lower(operand, context)), place };
    case 'not':
      return { kind: 'not', of: lower(expression.of, context), place };
    case 'field':
      return fieldTest(expression, { op: 'equals', value: true, caseless: false }, place, context);
    case 'comparison':
      return lowerComparison(expression, context);
    case 'in':
      return lowerMembership(expression, context);
    case 'pattern':
      return lowerPattern(expression, context);
    case 'call':
      return lowerCall(expression, context);
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'minus':
    case 'arithmetic':
      return constant(false, place);
  }
}

const constant = (value: boolean, place: Place): Predicate => ({ kind: 'constant', value, place });

const not = (of: Predicate): Predicate => ({ kind: 'not', of, place: of.place });

const fieldTest = (
  field: FieldReference,
  test: ValueTest,
  place: Place,
  context: ConditionContext,
): Predicate => ({
  kind: 'field',
  field: fieldPath(field),
  test,
  place,
  fieldPlace: context.place(field),
});

/** One alternative stands alone. */
function either(of: readonly Predicate[], place: Place): Predicate {
  const [first] = of;
  if (first === undefined) return constant(false, place);
  return of.length === 1 ? first : { kind: 'or', of, place };
}

function lowerComparison(comparison: Comparison, context: ConditionContext): Predicate {
  const { operator } = comparison;
  if (comparesOptionalFields(comparison)) return optionalFields(comparison, context);
  if (operator === '!=') return not(lowerComparison({ ...comparison, operator: '==' }, context));
  if (isConstant(comparison.left)) return lowerComparison(mirrored(comparison), context);
  const { left, right } = comparison;
  const place = context.place(comparison);
  const value = evaluateConstant(right);
  if (value === null) {
    if (operator !== '==') return constant(false, place);
    if (left.kind === 'field') return not(fieldTest(left, { op: 'exists' }, place, context));
    return computedTest(
      { ...comparison, right: { kind: 'null', start: right.start, end: right.end } },
      place,
      context.place,
    );
  }
  if (left.kind === 'field') return lowerFieldComparison(left, operator, value, comparison, context);
  if (operator === '==' && typeof value === 'boolean') {
    const condition = lower(left, context);
    return value ? condition : not(condition);
  }
  return computedTest(comparison, place, context.place);
}

/**
 * No mapping says which of two optional fields is known; the event does. Without both, null is compared with null and
 * is equal; without one, a value is compared with null. An event with both would have made Elasticsearch refuse the
 * query: nothing is true of it.
 */
function optionalFields(comparison: Comparison, context: ConditionContext): Predicate {
  const { operator, left, right } = comparison;
  const place = context.place(comparison);
  const missing = [left, right].flatMap((field) =>
    field.kind === 'field' ? [not(fieldTest(field, { op: 'exists' }, place, context))] : [],
  );
  if (operator === '==') return { kind: 'and', of: missing, place };
  if (operator !== '!=') return constant(false, place);
  const both: Predicate = { kind: 'and', of: missing, place };
  return { kind: 'and', of: [{ kind: 'or', of: missing, place }, not(both)], place };
}

function mirrored(comparison: Comparison): Comparison {
  return {
    ...comparison,
    operator: mirrorImage[comparison.operator],
    left: comparison.right,
    right: comparison.left,
  };
}

const mirrorImage: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function lowerFieldComparison(
  field: FieldReference,
  operator: Exclude<ComparisonOperator, '!='>,
  value: string | bigint | number | boolean,
  comparison: Comparison,
  context: ConditionContext,
): Predicate {
  const place = context.place(comparison);
  const typed = lowerTyped(field, operator, value, { written: comparison, place }, context);
  if (typed !== undefined) return typed;
  if (operator === '==') return fieldTest(field, equalityTest(field, value), place, context);
  if (typeof value === 'boolean') {
    context.report(comparison, {
      code: 'boolean-order',
      message: `expected \`==\` or \`!=\` with ${value}`,
    });
    return constant(false, place);
  }
  const isExact = typeof value === 'bigint' && Number.isSafeInteger(Number(value));
  return fieldTest(field, { op: operator, value: isExact ? Number(value) : value }, place, context);
}

/** The comparison where the field's type decides what it means. */
function lowerTyped(
  field: FieldReference,
  operator: Exclude<ComparisonOperator, '!='>,
  value: Exclude<Value, null>,
  { written, place }: { readonly written: Expression; readonly place: Place },
  context: ConditionContext,
): Predicate | undefined {
  const path = fieldPath(field);
  const test = typedTest(path, operator, value);
  if (test === undefined) return undefined;
  if (typeof test !== 'function') {
    context.report(written, test);
    return constant(false, place);
  }
  return {
    kind: 'computed',
    text: `${path} ${operator} ${typeof value === 'string' ? JSON.stringify(value) : value}`,
    fields: [path],
    fieldPlaces: [context.place(field)],
    holds: (read) => valuesOf(read(path)).some((each) => each !== null && test(each)),
    place,
  };
}

/** Addresses have many spellings, and Elasticsearch takes a network where it expects an address. */
function equalityTest(field: FieldReference, value: string | bigint | number | boolean): ValueTest {
  if (typeof value === 'string' && isAddressField(fieldPath(field)) && networkMatcher(value) !== undefined) {
    return { op: 'cidr', network: value };
  }
  return { op: 'equals', value: typeof value === 'bigint' ? exactNumber(value) : value, caseless: false };
}

/** Integers that a double cannot hold are compared by their digits. */
const exactNumber = (value: bigint): number | string =>
  BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : String(value);

/** One of several values has a place of its own, so that it can be told from the others; a single one is the test. */
const placeOf = (
  value: Expression,
  values: readonly Expression[],
  test: Expression,
  context: ConditionContext,
) => context.place(values.length > 1 ? value : test);

/** Each value of the list becomes an alternative. */
function lowerMembership(membership: Membership, context: ConditionContext): Predicate {
  const { of, insensitive, negated } = membership;
  const alternatives: Predicate[] = [];
  for (const value of membership.values) {
    const place = placeOf(value, membership.values, membership, context);
    const member = evaluateConstant(value);
    if (member === null) continue;
    if (of.kind === 'field') {
      const typed = insensitive
        ? undefined
        : lowerTyped(of, '==', member, { written: value, place }, context);
      alternatives.push(typed ?? fieldTest(of, memberTest(of, member, insensitive), place, context));
    } else
      alternatives.push(
        computedTest({ ...membership, negated: false, values: [value] }, place, context.place),
      );
  }
  const inList = either(alternatives, context.place(membership));
  return negated ? not(inList) : inList;
}

function memberTest(field: FieldReference, member: Exclude<Value, null>, insensitive: boolean): ValueTest {
  if (!insensitive) return equalityTest(field, member);
  return { op: 'equals', value: toText(member) ?? '', caseless: true };
}

function lowerPattern(match: PatternMatch, context: ConditionContext): Predicate {
  const { of, operator } = match;
  const alternatives = match.values.map((value): Predicate => {
    const place = placeOf(value, match.values, match, context);
    if (of.kind !== 'field') return computedTest({ ...match, values: [value] }, place, context.place);
    const test = patternTest(operator, value.kind === 'string' ? value.value : '');
    return literalTest(of, test, { literal: value, place }, context);
  });
  return either(alternatives, context.place(match));
}

function patternTest(operator: PatternMatch['operator'], pattern: string): ValueTest | ProblemText {
  switch (operator) {
    case ':':
    case 'like~':
      return presence(pattern) ?? wildcardTest(pattern, true);
    case 'like':
      return presence(pattern) ?? wildcardTest(pattern, false);
    case 'regex':
      return luceneRegexTest(pattern, false);
    case 'regex~':
      return luceneRegexTest(pattern, true);
  }
}

/** A pattern of stars alone asks for any value. */
const presence = (pattern: string): ValueTest | undefined =>
  /^\*+$/.test(pattern) ? { op: 'exists' } : undefined;

/** A function that only tests a field against literals becomes tests of that field; any other is computed. */
function lowerCall(call: FunctionCall, context: ConditionContext): Predicate {
  const place = context.place(call);
  const called = functionNamed(call.name);
  const [field, ...literals] = call.arguments;
  if (called?.fieldTest === undefined || field?.kind !== 'field' || !literals.every(isConstant)) {
    return computedTest(call, place, context.place);
  }
  const values = literals.map((literal) => toText(evaluateConstant(literal)));
  if (values.includes(null)) return constant(false, place);
  const alternatives = literals.map((literal, index) => {
    const test = called.fieldTest?.(values[index] ?? '', call.insensitive);
    if (test === undefined) return constant(false, place);
    return literalTest(field, test, { literal, place: placeOf(literal, literals, call, context) }, context);
  });
  return either(alternatives, place);
}

/** The test at its place, or a problem at the literal's. */
function literalTest(
  field: FieldReference,
  test: ValueTest | ProblemText,
  { literal, place }: { readonly literal: Expression; readonly place: Place },
  context: ConditionContext,
): Predicate {
  if (!('op' in test)) {
    context.report(literal, test);
    return constant(false, place);
  }
  const doubt = test.op === 'regex' && literal.kind === 'string' ? foreignSyntax(literal.value) : undefined;
  if (doubt) context.report(literal, doubt);
  return fieldTest(field, test, place, context);
}
