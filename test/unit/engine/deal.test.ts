// Shards as long as each other, dealt alike by every machine.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dealtByLoad, type Load } from '../../../harness/engine/run/deal.ts';

const loadsOf = (...ms: readonly (number | null)[]): Load<number>[] =>
  ms.map((each, group) => ({ group, ms: each }));
const shards = (loads: readonly Load<number>[], count: number): number[][] =>
  Array.from({ length: count }, (_, at) => dealtByLoad(loads, { index: at + 1, count }));

it.each<[string, (number | null)[], number, number[][]]>([
  ['the longest alone', [1000, 200, 300, 400], 2, [[0], [1, 2, 3]]],
  ['what is unknown as the median', [100, null, 100, 5000], 2, [[3], [0, 1, 2]]],
  [
    'all unknown, by their number',
    [null, null, null, null],
    2,
    [
      [0, 2],
      [1, 3],
    ],
  ],
  ['more shards than groups', [5, 5], 3, [[0], [1], []]],
  ['fractions as whole numbers', [1.4, 1.3, 1.2], 3, [[0], [1], [2]]],
])('deals %s', (_, ms, count, expected) => {
  expect(shards(loadsOf(...ms), count)).toEqual(expected);
});

it('deals each group once, and no shard has more than the others by more than the longest group', () => {
  const loads = fc.array(fc.option(fc.integer({ min: 0, max: 100_000 })), { maxLength: 60 });
  fc.assert(
    fc.property(loads, fc.integer({ min: 1, max: 9 }), (ms, count) => {
      const dealt = shards(loadsOf(...ms), count);
      expect(dealt.flat().sort((a, b) => a - b)).toEqual([...ms.keys()]);
      if (ms.includes(null)) return;
      const sums = dealt.map((groups) => groups.reduce((sum, at) => sum + (ms[at] ?? 0), 0));
      expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(Math.max(0, ...ms.map(Number)));
    }),
  );
});
