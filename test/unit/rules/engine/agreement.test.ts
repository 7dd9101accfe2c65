// The compiled engine says what the slow interpreter says, on random rules and events.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilters } from '../../../../harness/rules/engine/event-matcher.ts';
import type { EventFilter } from '../../../../harness/rules/rule.ts';
import { event, predicate } from '../interpreter/arbitrary.ts';
import { passesFilter } from '../interpreter/interpret.ts';

const filter: fc.Arbitrary<EventFilter> = fc.record(
  { category: fc.constantFrom('process', 'file'), where: predicate },
  { requiredKeys: ['where'] },
);

describe('compiled filters', () => {
  test('pass the events that the interpreter passes', () => {
    fc.assert(
      fc.property(
        fc.array(filter, { minLength: 1, maxLength: 12 }),
        fc.array(event, { minLength: 1, maxLength: 8 }),
        (filters, events) => {
          const match = compileFilters(filters, { fields: 'ecs' });
          for (const each of events) {
            const expected = [...filters.keys()].filter((index) => {
              const candidate = filters[index];
              return candidate !== undefined && passesFilter(candidate, each);
            });
            expect([...match(each)]).toEqual(expected);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
