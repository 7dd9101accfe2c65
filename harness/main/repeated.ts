// The same run several times: where it differs.

import { flakinessText, flakyCases } from '../engine/record/flakiness.ts';
import type { RunRecord } from '../model/run-record.ts';

/** What several runs of the same selection come to. */
export interface Repeated {
  /** Whether every case came out the same in all of them. */
  readonly isSteady: boolean;
  /** In words: each case that did not, and in how many ways. */
  readonly text: string;
}

/** @param records of the same selection, in order */
export function repeatedRuns(records: readonly RunRecord[]): Repeated {
  const flaky = flakyCases(records);
  return { isSteady: flaky.length === 0, text: flakinessText(records.length, flaky) };
}
