// Which saved records of runs are read: this version's, and those before it as if they were written today.

import { type RunRecord, runRecordSchema, runRecordVersion } from '../run-record.ts';
import { type Reading, readingOf } from './reading.ts';
import { runRecord1Schema, upgradeRunRecord1 } from './run-record-1.ts';

const readers = { 1: runRecord1Schema.transform(upgradeRunRecord1), 2: runRecordSchema };

/** What reads a parsed run.json, by the version that it names. */
export const runRecordReading = (value: unknown): Reading<RunRecord> =>
  readingOf('schemaVersion', value, { readers, newest: runRecordVersion });
