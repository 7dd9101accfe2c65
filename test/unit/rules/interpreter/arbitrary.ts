// Random predicates and events over a small world of fields and values, so that they meet often.

import fc from 'fast-check';
import { anyOne, anyRun, type Predicate, type ValueTest } from '../../../../harness/rules/predicate.ts';

const place = { file: 'random.yml', line: 1, column: 1 };

/** Few letters, both cases, some that fold in special ways, and one outside the basic plane. */
const text = fc.string({
  unit: fc.constantFrom('a', 'A', 'b', '/', '.', '1', '\n', 'é', 'É', 'İ', 'Σ', 'ς', '😀'),
  maxLength: 6,
});

const field = fc.constantFrom('a', 'b.c', 'b.d.e', 'process.name');

const scalar = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.integer({ min: -2, max: 12 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('10.0.0.1', '10.1.2.3', '192.168.0.1'),
);
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }));

/** Nested, flat and mixed; sometimes both at once. */
export const event: fc.Arbitrary<object> = fc.record(
  {
    a: value,
    'b.c': value,
    b: fc.oneof(
      fc.record({ c: value, d: fc.record({ e: value }), 'd.e': value }, { requiredKeys: [] }),
      fc.array(fc.record({ c: value }), { maxLength: 2 }),
    ),
    'b.d': fc.record({ e: value }),
    process: fc.record({ name: value }),
    'process.name': value,
    event: fc.record({ category: fc.subarray(['process', 'file']) }),
  },
  { requiredKeys: [] },
);

const caseless = fc.boolean();

export const valueTest: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({
    op: fc.constant('equals'),
    value: fc.oneof(text, fc.integer({ min: -2, max: 12 }), fc.boolean()),
    caseless,
  }),
  fc.record({ op: fc.constantFrom('starts-with', 'ends-with', 'contains'), value: text, caseless }),
  fc.record({
    op: fc.constant('wildcard'),
    pattern: fc.array(fc.oneof(text, fc.constant(anyRun), fc.constant(anyOne)), { maxLength: 5 }),
    caseless,
  }),
  fc.record({
    op: fc.constant('regex'),
    source: fc.constantFrom(
      'a',
      '^a+b?$',
      '[ab]+/',
      'a.b',
      '(a|b)*1',
      '\\d',
      'a\\b',
      '(?:ab)?$',
      'É',
      '^$',
      'b.*a',
    ),
    flags: fc.constantFrom('', 'i', 'm', 's', 'ims'),
    whole: fc.boolean(),
  }),
  fc.record({
    op: fc.constantFrom('<', '<=', '>', '>='),
    value: fc.oneof(fc.integer({ min: -2, max: 12 }), text),
  }),
  fc.record({
    op: fc.constant('cidr'),
    network: fc.constantFrom('10.0.0.0/8', '10.0.0.0/24', '192.168.0.1'),
  }),
  fc.record({ op: fc.constant('exists') }),
);

const fieldAgainstField: fc.Arbitrary<Predicate> = fc.tuple(field, field).map(([left, right]) => ({
  kind: 'computed',
  text: `${left} == ${right}`,
  fields: [left, right],
  holds: (read) => read(left) !== undefined && inAnyOrder(read(left)) === inAnyOrder(read(right)),
  place,
}));

/** The values of a field have no order: some may stand under its dotted name, others nested. */
const inAnyOrder = (value: unknown): string | undefined =>
  JSON.stringify(Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value);

export const predicate: fc.Arbitrary<Predicate> = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('field'), field, test: valueTest, place: fc.constant(place) }),
    },
    fc.record({ kind: fc.constant('keyword'), test: valueTest, place: fc.constant(place) }),
    fc.record({ kind: fc.constant('constant'), value: fc.boolean(), place: fc.constant(place) }),
    fieldAgainstField,
    fc.record({
      kind: fc.constant('and'),
      of: fc.array(tie('predicate'), { maxLength: 4 }),
      place: fc.constant(place),
    }),
    fc.record({
      kind: fc.constant('or'),
      of: fc.array(tie('predicate'), { maxLength: 4 }),
      place: fc.constant(place),
    }),
    fc.record({ kind: fc.constant('not'), of: tie('predicate'), place: fc.constant(place) }),
  ),
})).predicate;

/** Tests that pass seldom, so that among many of them each one matters. */
export const rareTest: fc.Arbitrary<ValueTest> = fc.record({
  op: fc.constantFrom('equals', 'equals', 'starts-with', 'ends-with', 'contains'),
  value: fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'É', 'Σ'), minLength: 2, maxLength: 3 }),
  caseless,
});

/** Events whose values such tests may pass. */
export const rareEvent: fc.Arbitrary<object> = fc.record({
  a: fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'B', 'é', 'σ'), minLength: 2, maxLength: 3 }),
});
