// Other people's rules on random events: compiled and interpreted they pass the same ones.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadRules } from '../../../../harness/rules/load.ts';
import { compileFilters } from '../../../../harness/rules/match/event-matcher.ts';
import { literalsOf } from '../../../../harness/rules/match/needle.ts';
import { filtersOf } from '../../../../harness/rules/match/plan.ts';
import type { Predicate } from '../../../../harness/rules/predicate.ts';
import type { EventFilter } from '../../../../harness/rules/rule.ts';
import { passesFilter } from '../interpreter/interpret.ts';

const corpora = process.env.CORPORA ?? join(import.meta.dirname, '../../../../../shared/corpora');
const folder = join(corpora, 'sigma-linux');

describe.skipIf(!existsSync(folder))('SigmaHQ’s Linux rules (skipped: no corpora)', () => {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yml'))
    : [];
  const texts = files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));

  test.each(['ecs', 'sigma'] as const)(
    'agree with the interpreter on events made of their own literals (%s)',
    (fields) => {
      const { rules, unusable } = loadRules(texts, { fields });
      expect(unusable).toEqual([]);
      const filters = rules.flatMap(({ query }) => filtersOf(query));
      const match = compileFilters(filters, { fields });
      let passes = 0;
      fc.assert(
        fc.property(fc.constantFrom(...filters), fc.infiniteStream(fc.nat()), (filter, numbers) => {
          const each = eventFor(filter, numbers);
          const expected = [...filters.entries()].filter(([, other]) => passesFilter(other, each, fields));
          expect([...match(each)]).toEqual(expected.map(([index]) => index));
          passes += expected.length;
        }),
        { numRuns: 100 },
      );
      // Events that pass nothing would prove little.
      expect(passes).toBeGreaterThan(10);
    },
  );
});

/** An event that a filter may well pass: a value for each field, out of the literals asked for. */
function eventFor({ where, category, logsource }: EventFilter, numbers: Iterator<number>): object {
  const literals = new Map<string, string[]>();
  gather(where, literals);
  const event: Record<string, unknown> = { 'event.category': category, ...(logsource && { logsource }) };
  for (const [field, values] of literals) {
    const random = numbers.next().value ?? 0;
    // One value, or two that follow each other: `contains|all` asks for several.
    const value = values[random % values.length] ?? '';
    event[field] = random % 3 === 0 ? `${value}${values[(random + 1) % values.length] ?? ''}` : value;
  }
  return event;
}

function gather(predicate: Predicate, literals: Map<string, string[]>): void {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      for (const part of predicate.of) gather(part, literals);
      break;
    case 'not':
      gather(predicate.of, literals);
      break;
    case 'field':
    case 'keyword': {
      const field = predicate.kind === 'field' ? predicate.field : 'message';
      const values = literals.get(field) ?? [];
      for (const { literal } of literalsOf(predicate.test) ?? []) values.push(literal);
      literals.set(field, values);
      break;
    }
    case 'constant':
    case 'computed':
      break;
  }
}
