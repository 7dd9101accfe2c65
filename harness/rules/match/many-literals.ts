// One condition for many tests on one field: equal values by hash, all other literals in one search.

import type { ValueTest } from '../predicate.ts';
import { literalSearch, type Needle } from './literal-search.ts';
import { literalsOf } from './needle.ts';
import { fold } from './text.ts';
import { type FoldableTester, foldableTester, type TextTest } from './value-test.ts';
import type { Values } from './values.ts';

/** With fewer tests, one after the other is as fast. */
export const worthwhile = 8;

/** Whether `anyOfMany` can have the test. */
export const isSearchable = (test: ValueTest): test is TextTest => literalsOf(test) !== undefined;

/** Whether any of the tests, searchable all of them, passes on any value of the field. */
export function anyOfMany(values: Values, tests: readonly TextTest[]): () => boolean {
  const { exact, folded, others } = sorted(tests);
  const search = literalSearch(others);
  const passes = (text: string): boolean => {
    let isFound = exact.has(text) || (folded.size > 0 && folded.has(fold(text)));
    if (!isFound) {
      search(text, ({ ofFolded, matches }) => {
        isFound ||= matches(ofFolded ? fold(text) : text);
      });
    }
    return isFound;
  };
  return () => values.someText(passes);
}

function sorted(tests: readonly TextTest[]) {
  const exact = new Set<string>();
  const folded = new Set<string>();
  const others: Needle<FoldableTester>[] = [];
  for (const test of tests) {
    if (test.op !== 'equals') {
      const owner = foldableTester(test);
      for (const literal of literalsOf(test) ?? []) others.push({ ...literal, owner });
    } else if (test.caseless) {
      folded.add(fold(String(test.value)));
    } else {
      exact.add(String(test.value));
    }
  }
  return { exact, folded, others };
}
