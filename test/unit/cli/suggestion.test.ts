// Did-you-mean offers what was likely meant, and nothing far-fetched.

import { expect, it } from 'vitest';
import { closestTo } from '../../../harness/model/suggestion.ts';

const words = ['run', 'list', 'explain', 'replay', 'report', 'merge', 'diff', 'lint', 'doctor'];

it.each([
  ['lits', 'list'],
  ['reprot', 'report'],
  ['rn', 'run'],
  ['docter', 'doctor'],
  ['expl', 'explain'],
  ['x', undefined],
  ['frobnicate', undefined],
  ['a'.repeat(100_000), undefined],
])('%.12s → %s', (word, meant) => {
  expect(closestTo(word, words)).toBe(meant);
});
