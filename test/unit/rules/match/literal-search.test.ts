// The search for many literals finds at least what looking for each of them finds, and little more.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { literalSearch, type Needle } from '../../../../harness/rules/match/literal-search.ts';
import { fold } from '../../../../harness/rules/match/text.ts';

const letters = (...more: string[]) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'A', '/', ...more), maxLength: 20 });

const needle = (literal: fc.Arbitrary<string>) =>
  fc.record({
    literal: literal.filter((text) => text !== ''),
    atStart: fc.boolean(),
    atEnd: fc.boolean(),
    owner: fc.nat(5),
  });

function found(needles: readonly Needle<number>[], text: string): Set<number> {
  const owners = new Set<number>();
  literalSearch(needles)(text, (owner) => owners.add(owner));
  return owners;
}

function stands({ literal, atStart, atEnd }: Needle<number>, text: string): boolean {
  const [haystack, wanted] = [fold(text), fold(literal)];
  if (atStart && atEnd) return haystack === wanted;
  if (atStart) return haystack.startsWith(wanted);
  return atEnd ? haystack.endsWith(wanted) : haystack.includes(wanted);
}

test('finds exactly the needles that stand in ASCII text', () => {
  fc.assert(
    fc.property(
      fc.array(needle(fc.string({ unit: fc.constantFrom('a', 'b', 'A'), maxLength: 6 }))),
      letters(),
      (needles, text) => {
        const expected = needles.filter((each) => stands(each, text)).map(({ owner }) => owner);
        expect(found(needles, text)).toEqual(new Set(expected));
      },
    ),
    { numRuns: 1000 },
  );
});

test('misses none in any text, however long the needles', () => {
  const anything = letters('é', 'É', 'ſ', 'Σ', '😀', '\u0130');
  fc.assert(
    fc.property(fc.array(needle(anything)), anything, (needles, text) => {
      const owners = found(needles, text);
      for (const each of needles) if (stands(each, text)) expect(owners).toContain(each.owner);
    }),
    { numRuns: 1000 },
  );
});
