// Which rules fired on a case: those that were expected to, and those that did besides.

import type { CaseRecord } from '../model/run-record.ts';

export interface Fired {
  /** How many rules were expected to fire, and how many of them did; a documented miss counts as neither. */
  readonly expected: number;
  readonly detected: number;
  /** Rules that fired although no expectation names them. */
  readonly besides: readonly string[];
}

export function firedOn({ detections }: CaseRecord): Fired {
  const expected = detections.filter((each) => each.expected);
  return {
    expected: expected.length,
    detected: expected.filter(({ outcome }) => outcome === 'detected').length,
    besides: detections
      .filter((each) => !each.expected && (each.outcome === 'detected' || each.outcome === 'unexpected'))
      .map(({ rule }) => rule),
  };
}
