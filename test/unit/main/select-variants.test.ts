// What selectors with `~` mean, and which variants a choice adds.

import { describe, expect, it } from 'vitest';
import { selectProcedures } from '../../../harness/main/select-variants.ts';
import { axisSchema } from '../../../harness/model/axis.ts';
import { variantName } from '../../../harness/model/variant.ts';
import { anAtomic } from '../engine/content.ts';

const input = (value: string) => ({ description: '', type: 'string', default: value });
const inputs = { put: input('cat >'), path: input('/etc/job') };
const atomics = [
  anAtomic({ slug: 'one', guid: '1', inputs }),
  anAtomic({ slug: 'two', guid: '2', inputs }),
  anAtomic({ slug: 'plain', guid: '3', inputs: {} }),
  anAtomic({ slug: 'twin', guid: '4', inputs, kind: 'benign' }),
  anAtomic({ slug: 'theirs', guid: '5', inputs, foreign: true }),
];
const axis = (name: string, argument: string, ...values: string[]) =>
  axisSchema.parse({
    ...{ axis: name, title: name, description: name },
    settings: [
      {
        arguments: [argument],
        values: Object.fromEntries(values.map((value) => [value, { set: value, changes: ['program'] }])),
      },
    ],
  });
const axes = [axis('writer', 'put', 'tee', 'dd'), axis('place', 'path', 'run')];

const meant = (selectors: string[], choice: Parameters<typeof selectProcedures>[3] = { kind: 'none' }) => {
  const { selected, variantsOf, problems } = selectProcedures(selectors, atomics, axes, choice);
  return {
    atomics: selected.map(({ slug }) => slug),
    variants: selected.flatMap((atomic) =>
      variantsOf(atomic).map((variant) => variantName(atomic.slug, variant)),
    ),
    problems: problems.map(({ message, hint }) => `${message} ${hint ?? ''}`.trim()),
  };
};

describe('selectProcedures', () => {
  it.each<[string[], string[], string[]]>([
    [['one~writer=tee'], ['one'], ['one~writer=tee']],
    [['ONE~Writer=TEE'], ['one'], ['one~writer=tee']],
    [['*~writer=dd'], ['one', 'two'], ['one~writer=dd', 'two~writer=dd']],
    [['two~*'], ['two'], ['two~writer=tee', 'two~writer=dd', 'two~place=run']],
    [['one~writer=tee~place=run'], ['one'], ['one~writer=tee~place=run']],
    [['two', 'one~writer=dd'], ['one', 'two'], ['one~writer=dd']],
    [['one~writer=dd', 'one~writer=dd', 'one~writer=d*'], ['one'], ['one~writer=dd']],
  ])('%j', (selectors, slugs, variants) => {
    expect(meant(selectors)).toEqual({ atomics: slugs, variants, problems: [] });
  });

  it.each([
    ['one~writer=cp'],
    ['twin~writer=tee'],
    ['theirs~writer=tee'],
    ['plain~writer=tee'],
    ['one~writer=tee~writer=dd'],
  ])('tells that %s means nothing', (selector) => {
    const { atomics: slugs, problems } = meant([selector]);
    expect(slugs).toEqual([]);
    expect(problems).toEqual([expect.stringContaining(`no variant is meant by '${selector}'`)]);
  });

  it('says what may have been meant', () => {
    expect(meant(['one~writer=te']).problems[0]).toContain('Did you mean one~writer=tee?');
  });

  it.each<[Parameters<typeof selectProcedures>[3], string[]]>([
    [{ kind: 'none' }, []],
    [{ kind: 'all' }, ['two~writer=tee', 'two~writer=dd', 'two~place=run']],
    [{ kind: 'axes', names: ['place'] }, ['two~place=run']],
    [{ kind: 'pairs', most: 64 }, ['two~writer=tee~place=run', 'two~writer=dd~place=run']],
  ])('adds the choice %j to attacks of this harness', (choice, variants) => {
    expect(meant(['two', 'plain', 'twin', 'theirs'], choice)).toEqual({
      ...{ atomics: ['two', 'plain', 'twin', 'theirs'], variants, problems: [] },
    });
  });
});
