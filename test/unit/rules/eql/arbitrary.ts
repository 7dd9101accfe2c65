// Random queries and events for the property tests.

import fc from 'fast-check';
import {
  comparisonOperators,
  durationUnits,
  type Expression,
  type FieldReference,
  type Literal,
  patternOperators,
  type Statement,
  type TermNode,
} from '../../../../harness/rules/eql/ast.ts';

/** Places do not matter to these tests. */
const span = { start: 0, end: 0 };

/** The same tree with every place set to zero, so that trees compare by what they mean. */
export function withoutPlaces<T>(tree: T): T {
  if (Array.isArray(tree)) return tree.map(withoutPlaces) as T;
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(([key, value]) => [
    key,
    key === 'start' || key === 'end' ? 0 : withoutPlaces(value),
  ]);
  return Object.fromEntries(entries) as T;
}

const name = fc.oneof(
  fc.constantFrom(
    'process',
    'name',
    'args',
    'in',
    'with',
    'any',
    'my-field',
    '6x',
    'a`b',
    '@timestamp',
    'runs',
    'head',
  ),
  fc.string({ minLength: 1, unit: 'grapheme' }),
);

const field: fc.Arbitrary<FieldReference> = fc.record({
  kind: fc.constant('field' as const),
  segments: fc.array(name, { minLength: 1, maxLength: 3 }),
  optional: fc.boolean(),
  start: fc.constant(0),
  end: fc.constant(0),
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '*', 'a*b?', '\\', '"', '"""', "'", '\n\r\t\b\f\u0001', 'C:\\x', '//', '/* */'),
);

const literal: fc.Arbitrary<Literal> = fc.oneof(
  text.map((value) => ({ kind: 'string' as const, value, ...span })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => ({ kind: 'number' as const, value, ...span })),
  fc
    .double({ min: 0, noNaN: true, noDefaultInfinity: true })
    .map((value) => ({ kind: 'number' as const, value: Math.abs(value), ...span })),
  fc.boolean().map((value) => ({ kind: 'boolean' as const, value, ...span })),
  fc.constant({ kind: 'null' as const, ...span }),
);

/** Anything that the grammar can say, sense or not. */
export const expression: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression }>((tie) => {
  const operand = tie('any');
  return {
    any: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      literal,
      field,
      fc.record({
        kind: fc.constant('call' as const),
        name: fc.constantFrom('length', 'startsWith', 'concat', 'unknown_1'),
        insensitive: fc.boolean(),
        arguments: fc.array(operand, { maxLength: 3 }),
        start: fc.constant(0),
        end: fc.constant(0),
      }),
      operand.map((of) => ({ kind: 'not' as const, of, ...span })),
      operand.map((of) => ({ kind: 'minus' as const, of, ...span })),
      fc
        .tuple(
          fc.constantFrom('and' as const, 'or' as const),
          fc.array(operand, { minLength: 2, maxLength: 3 }),
        )
        .map(([kind, of]) => ({ kind, of, ...span })),
      fc
        .tuple(fc.constantFrom(...comparisonOperators), operand, operand)
        .map(([operator, left, right]) => ({ kind: 'comparison' as const, operator, left, right, ...span })),
      fc
        .tuple(
          fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '%' as const),
          operand,
          operand,
        )
        .map(([operator, left, right]) => ({ kind: 'arithmetic' as const, operator, left, right, ...span })),
      fc
        .tuple(operand, fc.boolean(), fc.boolean(), fc.array(operand, { minLength: 1, maxLength: 3 }))
        .map(([of, negated, insensitive, values]) => ({
          kind: 'in' as const,
          of,
          negated,
          insensitive,
          values,
          ...span,
        })),
      fc
        .tuple(
          operand,
          fc.constantFrom(...patternOperators),
          fc.array(literal, { minLength: 1, maxLength: 3 }),
        )
        .map(([of, operator, values]) => ({ kind: 'pattern' as const, of, operator, values, ...span })),
    ),
  };
}).any;

const filter = fc
  .tuple(fc.option(fc.oneof(name, text), { nil: undefined }), expression)
  .map(([category, where]) => ({ ...(category !== undefined && { category }), where, ...span }));

const keys = fc.array(field, { maxLength: 2 });

const term = (maxRuns: number): fc.Arbitrary<TermNode> =>
  fc.record({
    filter,
    missing: fc.boolean(),
    by: keys,
    runs: fc.integer({ min: 1, max: maxRuns }),
    start: fc.constant(0),
    end: fc.constant(0),
  });

const duration = fc.record({
  count: fc.integer({ min: 1, max: 1000 }),
  unit: fc.constantFrom(...durationUnits),
  start: fc.constant(0),
  end: fc.constant(0),
});

/** Whole queries: events, sequences, samples, with pipes. */
export const statement: fc.Arbitrary<Statement> = fc.record({
  query: fc.oneof(
    filter.map((each) => ({ kind: 'event' as const, filter: each, ...span })),
    fc
      .tuple(
        keys,
        fc.option(duration, { nil: undefined }),
        fc.array(term(100), { minLength: 1, maxLength: 3 }),
        fc.option(term(100), { nil: undefined }),
      )
      .map(([by, maxSpan, terms, until]) => ({
        kind: 'sequence' as const,
        by,
        ...(maxSpan && { maxSpan }),
        terms,
        ...(until && { until }),
        ...span,
      })),
    fc
      .tuple(keys, fc.array(term(1), { minLength: 1, maxLength: 3 }))
      .map(([by, terms]) => ({ kind: 'sample' as const, by, terms, ...span })),
  ),
  pipes: fc.array(
    fc
      .tuple(fc.constantFrom('head' as const, 'tail' as const), expression)
      .map(([kind, count]) => ({ kind, count, ...span })),
    { maxLength: 2 },
  ),
  start: fc.constant(0),
  end: fc.constant(0),
});

const fieldNames = ['name', 'args', 'pid', 'flag', 'nested.value', 'absent'];
const words = ['sh', 'SH', 'bash', 's*', '', '42', 'a.b', 'true'];

const someField = fc
  .constantFrom(...fieldNames)
  .map((path): FieldReference => ({ kind: 'field', segments: path.split('.'), optional: false, ...span }));
const someWord = fc.constantFrom(...words).map((value) => ({ kind: 'string' as const, value, ...span }));
const someNumber = fc
  .constantFrom<bigint | number>(0n, 1n, 2n, 42n, 2.5, 4.0)
  .map((value) => ({ kind: 'number' as const, value, ...span }));
const someLiteral = fc.oneof(someWord, someNumber, fc.constant({ kind: 'null' as const, ...span }));

const call = (called: string, insensitive: boolean, ...values: Expression[]): Expression => ({
  kind: 'call',
  name: called,
  insensitive,
  arguments: values,
  ...span,
});

const someText: fc.Arbitrary<Expression> = fc.oneof(
  someField,
  fc.tuple(someField, someField).map(([a, b]) => call('concat', false, a, b)),
  fc.tuple(someField, someNumber).map(([of, start]) => call('substring', false, of, start)),
);
const someAmount: fc.Arbitrary<Expression> = fc.oneof(
  someField,
  someField.map((of) => call('length', false, of)),
  fc
    .tuple(
      fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '%' as const),
      someField,
      someNumber,
    )
    .map(([operator, left, right]) => ({ kind: 'arithmetic' as const, operator, left, right, ...span })),
);

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  someField,
  fc
    .tuple(fc.constantFrom(...comparisonOperators), fc.oneof(someText, someAmount), someLiteral, fc.boolean())
    .map(([operator, of, value, flipped]) => ({
      kind: 'comparison' as const,
      operator,
      left: flipped ? value : of,
      right: flipped ? of : value,
      ...span,
    })),
  fc
    .tuple(someText, fc.boolean(), fc.boolean(), fc.array(someWord, { minLength: 1, maxLength: 3 }))
    .map(([of, negated, insensitive, values]) => ({
      kind: 'in' as const,
      of,
      negated,
      insensitive,
      values,
      ...span,
    })),
  fc
    .tuple(
      someText,
      fc.constantFrom(':' as const, 'like' as const, 'like~' as const),
      fc.array(someWord, { minLength: 1, maxLength: 3 }),
    )
    .map(([of, operator, values]) => ({ kind: 'pattern' as const, of, operator, values, ...span })),
  fc
    .tuple(
      fc.constantFrom('startsWith', 'endsWith', 'stringContains'),
      fc.boolean(),
      someText,
      fc.oneof(someWord, someField),
    )
    .map(([called, insensitive, of, value]) => call(called, insensitive, of, value)),
);

/** Conditions that make sense, over the fields of `event`. */
export const condition: fc.Arbitrary<Expression> = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    tie('any').map((of) => ({ kind: 'not' as const, of, ...span })),
    fc
      .tuple(
        fc.constantFrom('and' as const, 'or' as const),
        fc.array(tie('any'), { minLength: 2, maxLength: 3 }),
      )
      .map(([kind, of]) => ({ kind, of, ...span })),
  ),
})).any;

const someValue = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom<unknown>(0, 1, 2, 42, 2.5, true, false, null),
);

/** Events with fields that are absent, null, single, lists; nested or flat. */
export const event: fc.Arbitrary<object> = fc.record(
  {
    name: someValue,
    args: fc.array(someValue, { maxLength: 3 }),
    pid: someValue,
    flag: someValue,
    nested: fc.record({ value: someValue }, { requiredKeys: [] }),
    'nested.value': someValue,
  },
  { requiredKeys: [] },
);
