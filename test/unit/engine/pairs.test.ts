// Combinations of several axes: every pair once, no more of them than is said, nothing that cannot be had together.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseVariants, combineVariant } from '../../../harness/engine/run/choose-variants.ts';
import { type Choice, coverPairs } from '../../../harness/engine/run/pairs.ts';
import { axisSchema } from '../../../harness/model/axis.ts';
import { anAtomic } from './content.ts';

const axesOf = (sizes: readonly number[]) =>
  sizes.map((size, at) => ({
    axis: `a${at}`,
    values: Array.from({ length: size }, (_, value) => `v${value}`),
  }));
const any = () => true;
const named = (row: readonly Choice[]) => row.map(({ axis, value }) => `${axis}=${value}`);

describe('coverPairs', () => {
  it('has every pair in some row, and one value of an axis in each', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(sizes, (given) => {
        const axes = axesOf(given);
        const { rows, pairs, uncovered } = coverPairs(axes, any, Number.POSITIVE_INFINITY);
        const found = new Set(
          rows.flatMap((row) =>
            named(row).flatMap((one, at) =>
              named(row)
                .slice(at + 1)
                .map((other) => `${one} ${other}`),
            ),
          ),
        );
        expect([found.size, uncovered]).toEqual([pairs, 0]);
        for (const row of rows) expect(new Set(row.map(({ axis }) => axis)).size).toBe(row.length);
        expect(rows.length).toBeLessThanOrEqual(pairs);
      }),
    );
  });

  it('needs few rows where the axes are many', () => {
    const { rows, pairs } = coverPairs(axesOf([3, 3, 3, 3]), any, 64);
    expect(pairs).toBe(54);
    expect(rows.length).toBeLessThan(16);
  });

  it('is always the same', () => {
    expect(coverPairs(axesOf([4, 3, 2]), any, 64)).toEqual(coverPairs(axesOf([4, 3, 2]), any, 64));
  });

  it('stops at its bound and tells what is left', () => {
    const { rows, pairs, uncovered } = coverPairs(axesOf([9, 9]), any, 10);
    expect([rows.length, pairs, uncovered]).toEqual([10, 81, 71]);
  });

  it('never puts together what does not fit', () => {
    const fits = (one: Choice, other: Choice) => one.value !== other.value;
    const { rows, pairs, uncovered, excluded } = coverPairs(axesOf([3, 3, 3]), fits, 64);
    expect([pairs, uncovered, excluded]).toEqual([18, 0, 9]);
    for (const row of rows) expect(new Set(row.map(({ value }) => value)).size).toBe(row.length);
  });

  it.each([[[]], [[5]]])('has none of the axes %j', (sizes) => {
    expect(coverPairs(axesOf(sizes), any, 64)).toEqual({ rows: [], pairs: 0, uncovered: 0, excluded: 0 });
  });
});

describe('combineVariant', () => {
  const input = (value: string) => ({ description: '', type: 'string', default: value });
  const atomic = anAtomic({ inputs: { put: input('cat >'), path: input('/etc/job') } });
  const axis = (name: string, argument: string, set: string) =>
    axisSchema.parse({
      ...{ axis: name, title: name, description: name },
      settings: [{ arguments: [argument], values: { v: { set, changes: ['program'] } } }],
    });
  const axes = [
    axis('writer', 'put', 'tee'),
    axis('landing', 'put', 'mv'),
    axis('session', 'put', 'setsid {default}'),
    axis('alias', 'path', '/proc/self/root{default}'),
  ];
  const of = (...names: string[]) =>
    combineVariant(
      names.map((name) => ({ axis: name, value: 'v' })),
      axes,
      atomic,
    )?.inputs;

  it.each([
    [['writer', 'alias'], { put: 'tee', path: '/proc/self/root/etc/job' }],
    [['writer', 'session'], { put: 'setsid tee' }],
    [['writer', 'session', 'alias'], { put: 'setsid tee', path: '/proc/self/root/etc/job' }],
    [['writer', 'landing'], undefined],
    [['session', 'writer'], undefined],
    [['nobody'], undefined],
  ])('puts %j together', (names, inputs) => expect(of(...names)).toEqual(inputs));

  it('makes pairs of what fits alone', () => {
    const ids = chooseVariants({ kind: 'pairs', most: 64 }, axes, atomic).map((variant) =>
      Object.keys(variant.axes).join(' '),
    );
    expect(ids).toEqual(['writer session alias', 'landing session alias']);
  });
});
