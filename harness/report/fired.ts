// Which rules fired on a case: those that were expected to, and those that did unexpected.

import type { CaseRecord, Detection, RuleRecord } from '../model/run-record.ts';

export interface Fired {
  /** How many rules were expected to fire, and how many of them did; a documented miss counts as neither. */
  readonly expected: number;
  readonly detected: number;
  /** Rules that fired although no expectation names them. */
  readonly unexpected: readonly string[];
  /** Rules that fired on a benign twin: the same that fired unexpected, by the name that they deserve. */
  readonly falsely: readonly string[];
}

export function firedOn({ kind, detections }: CaseRecord): Fired {
  const expected = detections.filter((each) => each.expected);
  const unexpected = detections
    .filter((each) => !each.expected && (each.outcome === 'detected' || each.outcome === 'unexpected'))
    .map(({ rule }) => rule);
  return {
    expected: expected.length,
    detected: expected.filter(({ outcome }) => outcome === 'detected').length,
    unexpected,
    falsely: kind === 'benign' ? unexpected : [],
  };
}

/** What a rule is to a case, as a reader means it: on a benign twin nothing is detected, it is a false positive. */
export type Sight = Detection['outcome'] | 'false positive' | 'cross-talk';

/** How a rule saw a case; undefined where it neither fired there nor was expected to. */
export function sightOf(
  { slug, crossTalk }: RuleRecord,
  { id, kind, detections }: CaseRecord,
): Sight | undefined {
  const detection = detections.find(({ rule }) => rule === slug);
  if (detection?.attributed && kind === 'benign') return 'false positive';
  if (detection?.attributed || detection?.outcome === 'missed') return detection.outcome;
  return crossTalk.some((each) => each.case === id) ? 'cross-talk' : detection?.outcome;
}
