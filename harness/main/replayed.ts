// What judging again gives, of whatever was recorded.

import type { RunRecord } from '../model/run-record.ts';

export interface Replayed {
  readonly record: RunRecord;
  /** Some places in a bare file are no events, or some files of rules could not be read: each was said. */
  readonly hasErrors: boolean;
}
