// Selectors: what each form means, and what is said about one that means nothing.

import { describe, expect, it } from 'vitest';
import { loadAtomics } from '../../../harness/content/atomics.ts';
import { selectAtomics } from '../../../harness/content/select-atomics.ts';

const { atomics } = loadAtomics({ bundled: true, foreign: [] });
const selected = (...selectors: string[]) =>
  selectAtomics(selectors, atomics).selected.map(({ slug }) => slug);
const slugsOf = (wanted: (atomic: (typeof atomics)[number]) => boolean) =>
  atomics.filter(wanted).map(({ slug }) => slug);
const at = slugsOf(({ technique }) => technique === 'T1053.002');

describe('a selector is', () => {
  it.each([
    ['a technique', 'T1053.002', at],
    ['a technique in any case', 't1053.002', at],
    ['a slug', 'at-file', ['at-file']],
    ['a GUID in any case', '54AB3323-A55C-4F46-B831-B7E58EEBAFD7', ['at-stdin']],
    ['a tag', 'at', slugsOf(({ tags }) => tags.includes('at'))],
    ['a kind', 'benign', slugsOf(({ kind }) => kind === 'benign')],
    ['a glob over slugs', 'at-*', slugsOf(({ slug }) => slug.startsWith('at-'))],
    ['a glob over techniques', 'T1053.00?', atomics.map(({ slug }) => slug)],
    ['a glob in one piece', '*-user', slugsOf(({ slug }) => slug.endsWith('-user'))],
  ])('%s', (_form, selector, expected) => {
    expect(selected(selector)).toEqual(expected);
  });

  it('a parent technique, with its sub-techniques', () => {
    expect(selected('T1053')).toHaveLength(atomics.length);
    expect(selected('T105')).toEqual([]);
  });

  it('never a regular expression', () => {
    expect(selected('at.stdin')).toEqual([]);
    expect(selected('at-(stdin)*')).toEqual([]);
  });
});

it('takes everything when nothing is said', () => {
  expect(selected()).toEqual(slugsOf(() => true));
});

it('takes each atomic once, in its own order', () => {
  expect(selected('at-file', 'T1053.002', 'at-*')).toEqual(at);
});

it('answers a long run of stars at once', () => {
  expect(selected(`${'*'.repeat(100)}x`)).toEqual([]);
});

it('says which selector means nothing, and what was likely meant', () => {
  const { selected: some, problems } = selectAtomics(['at-fiel', 'T1053.002', 'T9999'], atomics);
  expect(some.map(({ slug }) => slug)).toEqual(at);
  expect(problems).toMatchObject([
    { code: 'selector/unknown', hint: 'Did you mean at-file?' },
    { code: 'selector/unknown', message: expect.stringContaining("'T9999'") },
  ]);
});
