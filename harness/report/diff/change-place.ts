// Where a reader finds what a change is about.

import type { RunRecord } from '../../model/run-record.ts';
import { type Finding, findingsOf } from '../findings.ts';
import { placeWithin } from '../place.ts';
import type { Change } from './comparison.ts';

type ChangePlace = Pick<Finding, 'place' | 'bundled'>;

/**
 * Of a rule its file, at the line that a reason of the change names, or of a case in which it is seen; of a case and a
 * mitigation what the finding about that case points to, else the atomic's file.
 * @param after the newer run
 * @returns null for what the newer run does not have
 */
export function placeOf({ about, id, shownIn, because }: Change, after: RunRecord): ChangePlace | null {
  const cases = after.cases.filter((each) => shownIn.includes(each.id));
  if (about === 'rule') {
    const rule = after.rules.find(({ slug }) => slug === id);
    if (!rule) return null;
    const { file, bundled = false } = rule;
    const reasons = [...because, ...cases.flatMap((each) => each.reasons)];
    return { place: reasons.flatMap((reason) => placeWithin(reason, file) ?? [])[0] ?? { file }, bundled };
  }
  const [shown] = cases;
  if (!shown) return null;
  const finding = findingsOf(after).find((each) => each.about === 'case' && each.id === shown.id);
  return finding ?? { place: { file: shown.atomic.source }, bundled: shown.atomic.bundled ?? false };
}
