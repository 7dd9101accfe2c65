// Which branches of each rule some atomic or benign twin has proven, as code coverage does for code.

import type { RuleRecord } from '../model/run-record.ts';
import type { JudgedCase } from './judge-case.ts';
import type { RuleBook } from './rule-book.ts';

/** By slug. */
export function coverageOf(
  _judged: readonly JudgedCase[],
  book: RuleBook,
): ReadonlyMap<string, RuleRecord['branches']> {
  return new Map(book.rules.map(({ slug }) => [slug, { total: 0, proven: 0, unproven: [] }]));
}
