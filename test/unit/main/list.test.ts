// What is listed: by name, by kind, and what is said of a word that means nothing.

import { expect, it } from 'vitest';
import { list } from '../../../harness/main/list.ts';
import { listedKinds } from '../../../harness/main/listing.ts';

const listed = async (...selectors: string[]) =>
  (await list({ selectors, atomics: [], rules: [], variants: null }, () => {})).listing;

it.each(listedKinds)('%s are all of their kind', async (kind) => {
  const [whole, one] = [await listed(), await listed(kind)];
  expect(one[kind]).toEqual(whole[kind]);
  for (const other of listedKinds) if (other !== kind) expect(one[other]).toEqual([]);
});

it('a kind and a name stand beside each other', async () => {
  const both = await listed('targets', 'at-stdin');
  expect(both.targets).toEqual((await listed()).targets);
  expect(both.atomics.map(({ atomic }) => atomic.slug)).toEqual(['at-stdin']);
});

it('a word that is nearly a kind is told which', async () => {
  await expect(listed('rulez')).rejects.toMatchObject({
    code: 'list/nothing-selected',
    hint: 'Did you mean rules?',
  });
});
