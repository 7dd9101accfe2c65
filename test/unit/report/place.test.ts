// Places are found wherever a text names them, and in no other file's name.

import { expect, it } from 'vitest';
import { placeWithin } from '../../../harness/report/place.ts';

it.each<[string, string, string, object | undefined]>([
  ['at the start', 'a.yml:3:4: error', 'a.yml', { file: 'a.yml', line: 3, column: 4 }],
  ['in brackets', 'x does not match\n  - y (a.yml:10:32)', 'a.yml', { file: 'a.yml', line: 10, column: 32 }],
  ['without a column', 'see a.yml:7', 'a.yml', { file: 'a.yml', line: 7 }],
  ['not in a longer name', '(my/a.yml:7:1)', 'a.yml', undefined],
  ['behind a longer name', '(my/a.yml:7:1), a.yml:8:2', 'a.yml', { file: 'a.yml', line: 8, column: 2 }],
  ['not without a line', 'a.yml: no line', 'a.yml', undefined],
])('%s', (_, text, file, place) => {
  expect(placeWithin(text, file)).toEqual(place);
});
