// The compiled engine says what the slow interpreter says, on random rules and events.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilters } from '../../../../harness/rules/match/event-matcher.ts';
import type { Predicate } from '../../../../harness/rules/predicate.ts';
import type { EventFilter } from '../../../../harness/rules/rule.ts';
import { event, predicate, rareEvent, rareTest, valueTest } from '../interpreter/arbitrary.ts';
import { passesFilter } from '../interpreter/interpret.ts';
import { is, place } from './fixture.ts';

type Fields = 'ecs' | 'sigma';

/** What the compiled filters pass must be what the interpreter passes, event after event. */
function agrees(filters: readonly EventFilter[], events: readonly object[], fields: Fields): void {
  const match = compileFilters(filters, { fields });
  for (const each of events) {
    const expected = [...filters.entries()].filter(([, filter]) => passesFilter(filter, each, fields));
    expect([...match(each)]).toEqual(expected.map(([index]) => index));
  }
}

const logsource = fc.record(
  {
    product: fc.constantFrom('linux', 'windows'),
    category: fc.constantFrom('process_creation', 'file_event'),
    service: fc.constantFrom('auditd', 'sysmon'),
  },
  { requiredKeys: [] },
);

const filterOf = (where: fc.Arbitrary<Predicate>): fc.Arbitrary<EventFilter> =>
  fc.record({ category: fc.constantFrom('process', 'file'), logsource, where }, { requiredKeys: ['where'] });

const origin = fc.option(fc.oneof(logsource, fc.constantFrom('linux', 7)), { nil: undefined });
const eventFrom = fc
  .tuple(event, origin)
  .map(([each, from]) => (from === undefined ? each : { ...each, logsource: from }));

const fields = fc.constantFrom<Fields>('ecs', 'sigma');

describe('compiled filters pass the events that the interpreter passes', () => {
  test('random predicates', () => {
    fc.assert(
      fc.property(
        fc.array(filterOf(predicate), { minLength: 1, maxLength: 12 }),
        fc.array(eventFrom, { minLength: 1, maxLength: 8 }),
        fields,
        agrees,
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['tests of every kind', valueTest, eventFrom],
    ['literals that are seldom there', rareTest, rareEvent],
  ])('long lists: %s', (_name, valueTests, events) => {
    const list = fc
      .tuple(fc.constantFrom('a', 'b.c', undefined), fc.array(valueTests, { minLength: 8, maxLength: 20 }))
      .map(
        ([field, tests]): Predicate => ({
          kind: 'or',
          of: tests.map((each) =>
            field === undefined
              ? { kind: 'keyword', test: each, place }
              : { kind: 'field', field, test: each, place },
          ),
          place,
        }),
      );
    fc.assert(
      fc.property(
        fc.array(filterOf(list), { minLength: 1, maxLength: 3 }),
        fc.array(events, { minLength: 1, maxLength: 8 }),
        fields,
        agrees,
      ),
      { numRuns: 500 },
    );
  });
});

describe('where values stand', () => {
  const holds = (where: Predicate, each: object): boolean =>
    compileFilters([{ where }], { fields: 'ecs' })(each).length > 0;

  test.each([
    ['nested', { a: { b: { c: 'x' } } }],
    ['flat', { 'a.b.c': 'x' }],
    ['mixed', { 'a.b': { c: 'x' } }],
    ['mixed the other way', { a: { 'b.c': 'x' } }],
    ['in a list', { a: { b: { c: ['y', 'x'] } } }],
    ['in a list of objects', { a: [{ b: { c: 'y' } }, { b: [{ c: 'x' }] }] }],
    ['in two places', { a: { b: { c: 'y' } }, 'a.b.c': 'x' }],
  ])('%s', (_name, each) => {
    expect(holds(is('a.b.c', 'x'), each)).toBe(true);
  });

  test('what objects inherit is not in them', () => {
    for (const name of ['constructor', 'toString.name', '__proto__.constructor']) {
      expect(holds({ kind: 'field', field: name, test: { op: 'exists' }, place }, {})).toBe(false);
    }
    expect(holds(is('constructor', 'x'), { constructor: 'x' })).toBe(true);
  });

  test('neither long paths nor deep events take long or overflow', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 100_000; depth++) deep = depth % 2 === 0 ? [deep] : { a: deep };
    const keyword: Predicate = { kind: 'keyword', test: { op: 'equals', value: 'x', caseless: true }, place };
    const path = Array<string>(40).fill('a').join('.');
    const match = compileFilters([{ where: is(path, 'x') }, { where: keyword }], { fields: 'ecs' });
    expect(match({ a: deep, b: [deep] })).toEqual([]);
    expect(match({ a: Array(1000).fill({ a: 'x' }) })).toEqual([1]);
  });

  test('keywords do not look into the log source of Sigma events', () => {
    const keyword: Predicate = {
      kind: 'keyword',
      test: { op: 'equals', value: 'linux', caseless: true },
      place,
    };
    const each = { logsource: { product: 'linux' }, message: 'x' };
    expect(compileFilters([{ where: keyword }], { fields: 'sigma' })(each)).toEqual([]);
    expect(compileFilters([{ where: keyword }], { fields: 'ecs' })(each)).toEqual([0]);
  });
});
