// What kept rules from firing in recorded cases, asked for one case at a time.

import { readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import { judgeCase } from '../engine/judge/judge-case.ts';
import type { JudgedCase } from '../engine/judge/judged-case.ts';
import { missIn } from '../engine/judge/nearest-miss.ts';
import { seenBy } from '../engine/judge/seen-by.ts';
import type { SensorName } from '../model/event.ts';
import { type JudgedBy, judgingBook } from './judging-book.ts';

/** A rule that did not fire on a case's own events, and the event that came closest. */
export interface RuleMiss {
  /** Its slug. */
  readonly rule: string;
  /** The closest event, and the test that failed on it at file:line:column. */
  readonly text: string;
  /** About one per failed test; null where there was no event to look at. */
  readonly distance: number | null;
}

/** The misses of one case, found when they are asked for. */
export interface CaseMisses {
  /** What kept a rule from firing. */
  missOf(rule: string): RuleMiss;
  /** Of all rules that did not fire and that this case's sensors feed, the closest first. */
  closest(): RuleMiss[];
}

/**
 * Opens a run's folder.
 * @param sensors those that it was judged by
 * @returns the misses of a case by its id; null where the folder has no sound evidence of it
 * @throws AtomclockError `evidence/…`
 */
export async function openMisses(
  folder: string,
  judgedBy: JudgedBy,
  sensors: readonly SensorName[],
): Promise<(id: string) => Promise<CaseMisses | null>> {
  const file = await readEvidenceFile(folder);
  const { book } = judgingBook(file, judgedBy, () => {});
  return async (id) => {
    const place = file.cases.find((one) => one.id === id);
    if (!place) return null;
    const read = await readCase(folder, place);
    const { evidence, events } = seenBy(new Set(sensors), read.evidence, read.events);
    let judged: JudgedCase | undefined;
    const missOf = (rule: string): RuleMiss => {
      judged ??= judgeCase(evidence, events, book);
      return { rule, ...missIn(judged, rule, book) };
    };
    const closest = (): RuleMiss[] =>
      book.rules
        .filter((rule) => book.unavailable(rule, sensors) === null)
        .map(({ slug }) => missOf(slug))
        .toSorted((a, b) => (a.distance ?? Infinity) - (b.distance ?? Infinity));
    return { missOf, closest };
  };
}
