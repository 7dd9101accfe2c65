// The rules that recorded evidence is judged by: those that it was recorded with, or others in their place.

import type { RuleBook } from '../engine/judge/rule-book.ts';
import type { EvidenceFile } from '../model/evidence.ts';
import type { OnRunFact } from '../model/run-event.ts';
import { bookOf, loadBook } from './load-content.ts';
import type { Placeholders } from './request.ts';

/** What evidence is judged by, where that is not what it names. */
export interface JudgedBy {
  /** Paths of rules; empty: those of the evidence. */
  readonly rules: readonly string[];
  /** Values that go before those of the evidence: one may be the very thing that is tried out. */
  readonly placeholders: Placeholders;
}

/**
 * The rules, their texts, the values that their placeholders have, and whether some file of them could not be read.
 * @throws ContentError when none could
 */
export function judgingBook(
  file: Pick<EvidenceFile, 'rules' | 'placeholders'>,
  { rules, placeholders: given }: JudgedBy,
  say: OnRunFact,
): { book: RuleBook; texts: EvidenceFile['rules']; placeholders: Placeholders; hasErrors: boolean } {
  const placeholders = { ...file.placeholders, ...given };
  return rules.length > 0
    ? { ...loadBook(rules, say, 'ecs', placeholders), placeholders }
    : {
        book: bookOf(file.rules, 'ecs', undefined, placeholders),
        texts: file.rules,
        placeholders,
        hasErrors: false,
      };
}
