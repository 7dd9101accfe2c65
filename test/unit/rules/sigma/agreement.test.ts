// Random rules on random events: the compiled rule, the interpreter and the specification's words agree.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Item, itemHolds, type Scalar } from './meaning.ts';
import { fires, ruleText, usable } from './try-rule.ts';

const text = fc.string({
  unit: fc.constantFrom('a', 'B', 'b', '-', '/', '–', '\\', '*', '?', ' ', '1', '\n', 'É'),
  maxLength: 5,
});
const actual = fc.oneof(
  { weight: 5, arbitrary: text },
  fc.integer({ min: -1, max: 12 }),
  fc.boolean(),
  fc.constant(null),
);
const fields = ['f', 'g', 'h'] as const;
const event = fc.record(
  Object.fromEntries(
    fields.map((name) => [
      name,
      fc.oneof({ weight: 4, arbitrary: actual }, fc.array(actual, { maxLength: 2 })),
    ]),
  ),
  { requiredKeys: [] },
);

const shuffled = (names: readonly string[]) => fc.shuffledSubarray([...names]);
const position = fc.constantFrom<string[]>([], ['contains'], ['startswith'], ['endswith']);
const list = (value: fc.Arbitrary<Scalar>) => fc.array(value, { minLength: 1, maxLength: 3 });
const scalar = fc.oneof({ weight: 4, arbitrary: text }, fc.integer({ min: -1, max: 12 }), fc.boolean());
const field = fc.constantFrom(...fields);

/** Items whose modifiers are legal in any order that is given here. */
const item: fc.Arbitrary<Item> = fc.oneof(
  fc.record({
    field,
    modifiers: fc.tuple(position, shuffled(['all', 'cased', 'neq'])).map((parts) => parts.flat()),
    values: list(scalar),
  }),
  fc.record({
    field,
    modifiers: fc.tuple(shuffled(['windash', 'cased', 'all']), position).map((parts) => parts.flat()),
    values: list(text),
  }),
  fc.record({
    field,
    modifiers: shuffled(['all', 'neq']),
    values: list(fc.oneof(scalar, fc.constant(null))),
  }),
  fc.record({
    field,
    modifiers: fc
      .tuple(fc.constantFrom('lt', 'lte', 'gt', 'gte'), shuffled(['all', 'neq']))
      .map(([order, others]) => [order, ...others]),
    values: list(fc.integer({ min: -1, max: 12 })),
  }),
  fc.record({
    field,
    modifiers: fc.constantFrom(['re'], ['re', 'i'], ['re', 'all'], ['all', 're'], ['re', 'neq']),
    values: list(fc.constantFrom('a', '^b', 'b$', '[ab]+1', 'a|B', '^$', String.raw`\\`, '-b?')),
  }),
);

/** Detections by name, and a condition as a JavaScript expression and as Sigma's. */
const condition = fc.constantFrom<[string, (holds: Record<'a' | 'b' | 'c', boolean>) => boolean]>(
  ['a', ({ a }) => a],
  ['a and b', ({ a, b }) => a && b],
  ['a or b and c', ({ a, b, c }) => a || (b && c)],
  ['(a or b) and c', ({ a, b, c }) => (a || b) && c],
  ['a and not b', ({ a, b }) => a && !b],
  ['not a or not (b and c)', ({ a, b, c }) => !a || !(b && c)],
  ['1 of them', ({ a, b, c }) => a || b || c],
  ['all of them', ({ a, b, c }) => a && b && c],
  ['2 of them', ({ a, b, c }) => Number(a) + Number(b) + Number(c) >= 2],
  ['a and not 1 of b*', ({ a, b }) => a && !b],
);

const keyOf = ({ field, modifiers }: Item): string => [field, ...modifiers].join('|');
const detection = fc.uniqueArray(item, { minLength: 1, maxLength: 2, selector: keyOf });

test('compiled, interpreted and in words', () => {
  fc.assert(
    fc.property(
      fc.record({ a: detection, b: detection, c: detection }),
      condition,
      fc.array(event, { minLength: 1, maxLength: 6 }),
      (detections, [sigma, words], events) => {
        const plain = Object.entries(detections).map(
          ([name, items]) => [name, new Map(items.map((each) => [keyOf(each), each.values]))] as const,
        );
        const yaml = stringify(new Map<string, unknown>([...plain, ['condition', sigma]]), {
          defaultStringType: 'QUOTE_SINGLE',
          defaultKeyType: 'PLAIN',
          lineWidth: 0,
        });
        const rule = usable(ruleText(yaml));
        for (const each of events) {
          const holds = (items: readonly Item[]): boolean => items.every((one) => itemHolds(one, each));
          const expected = words({ a: holds(detections.a), b: holds(detections.b), c: holds(detections.c) });
          expect(fires(rule, each), JSON.stringify(each)).toBe(expected);
        }
      },
    ),
    { numRuns: 400 },
  );
});
