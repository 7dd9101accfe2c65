// The literals without which a test of one value cannot pass: what is worth looking for in the text.

import { anyOne, anyRun, type ValueTest } from '../predicate.ts';
import type { Needle } from './literal-search.ts';
import { regexLiterals } from './regex.ts';

export type Literal = Omit<Needle<unknown>, 'owner'>;

/** Literals of which every passing text holds at least one; undefined when there is no such list. */
export function literalsOf(test: ValueTest): readonly Literal[] | undefined {
  const literals = candidatesOf(test);
  return literals?.every(({ literal }) => literal !== '') ? literals : undefined;
}

function candidatesOf(test: ValueTest): readonly Literal[] | undefined {
  switch (test.op) {
    case 'equals':
      return [{ literal: String(test.value), atStart: true, atEnd: true }];
    case 'starts-with':
      return [{ literal: test.value, atStart: true, atEnd: false }];
    case 'ends-with':
      return [{ literal: test.value, atStart: false, atEnd: true }];
    case 'contains':
      return [{ literal: test.value, atStart: false, atEnd: false }];
    case 'wildcard': {
      const longest = test.pattern.reduce<string>(
        (a, b) => (b === anyRun || b === anyOne || b.length <= a.length ? a : b),
        '',
      );
      return [
        { literal: longest, atStart: test.pattern[0] === longest, atEnd: test.pattern.at(-1) === longest },
      ];
    }
    case 'regex':
      return regexLiterals(test.source, test)?.map((literal) => ({ literal, atStart: false, atEnd: false }));
    case 'cidr':
    case 'exists':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return undefined;
  }
}
