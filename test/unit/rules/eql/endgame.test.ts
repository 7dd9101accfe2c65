// What only Endgame's or Elastic Endpoint's EQL has is refused by its name.

import { expect, it } from 'vitest';
import { problemsOf } from './run.ts';

it.each([
  ['any where a = 1', 'endgame-equals'],
  ["any where a == 'b'", 'single-quoted-string'],
  ['any where a == ?"b"', 'old-raw-string'],
  ['join by a [any where b] [any where c]', 'endgame-join'],
  ['file where descendant of [process where true]', 'endgame-lineage'],
  ['file where not child of [process where true]', 'endgame-lineage'],
  ['file where event of [process where true]', 'endgame-lineage'],
  ['sequence [any where true] fork [any where true]', 'endgame-fork'],
  ['sequence by a [file where true] as event0 [process where b == event0.c]', 'endpoint-alias'],
  ['sequence [file where true] by a as event0 [process where true] by b', 'endpoint-alias'],
  ['any where true | count', 'endgame-pipe'],
  ['any where true | unique a', 'endgame-pipe'],
  ['any where true | unique_count a', 'endgame-pipe'],
  ['any where true | sort a', 'endgame-pipe'],
  ['any where true | filter a == 1', 'endgame-pipe'],
  ['any where arrayContains(a, "b")', 'endgame-function'],
  ['any where arrayCount(a, s, s == "b") == 1', 'endgame-function'],
  ['any where arraySearch(a, s, s == "b")', 'endgame-function'],
  ['any where matchLite(a, "b")', 'endgame-function'],
  ['any where a[0] == "b"', 'endgame-array-index'],
  ['any where "a":length() == 1', 'endgame-method'],
  ['sequence by string(a) [any where true] [any where true]', 'computed-join-key'],
  ['any where a == b', 'field-comparison'],
  ['any where a in (b, "c")', 'field-comparison'],
  ['any where length(a) == length(b)', 'field-comparison'],
])('refuses %s as %s', (query, code) => {
  const problems = problemsOf(query);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`[eql/${code}]`);
});
