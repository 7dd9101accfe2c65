// One condition for many tests on one field: equal values by hash, all other literals in one search.

import type { ValueTest } from '../predicate.ts';
import type { FieldView } from './event-view.ts';
import { literalSearch, type Needle } from './literal-search.ts';
import { literalsOf } from './needle.ts';
import { fold } from './text.ts';
import { type FoldableTester, foldableTester, type TextTest } from './value-test.ts';

/** With fewer tests, one after the other is as fast. */
export const worthwhile = 8;

/** Whether `anyOfMany` can have the test. */
export const isSearchable = (test: ValueTest): test is TextTest => literalsOf(test) !== undefined;

/** Whether any of the tests, searchable all of them, passes on any value of the field. */
export function anyOfMany(field: FieldView, tests: readonly TextTest[]): () => boolean {
  const { exact, folded, others } = sorted(tests);
  const search = literalSearch(others);
  return () => {
    const texts = field.texts();
    const foldedTexts = field.folded();
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index] as string;
      const foldedText = foldedTexts[index] as string;
      if (exact.has(text) || folded.has(foldedText)) return true;
      let isFound = false;
      search(text, ({ ofFolded, matches }) => {
        isFound ||= matches(ofFolded ? foldedText : text);
      });
      if (isFound) return true;
    }
    return false;
  };
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
