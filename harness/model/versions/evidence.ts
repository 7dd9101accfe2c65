// Which evidence is read: this version's, and that before it as if it were written today.

import {
  type EvidenceFile,
  evidenceFileSchema,
  evidenceVersion,
  type SavedCase,
  savedCaseSchema,
} from '../evidence.ts';
import { case1Schema, evidenceFile1Schema, upgradeCase1, upgradeEvidenceFile1 } from './evidence-1.ts';
import { type Reading, readingOf } from './reading.ts';

const files = { 1: evidenceFile1Schema.transform(upgradeEvidenceFile1), 2: evidenceFileSchema };
const cases = { 1: case1Schema.transform(upgradeCase1), 2: savedCaseSchema };

/** What reads a parsed evidence.json, by the version that it names. */
export const evidenceFileReading = (value: unknown): Reading<EvidenceFile> =>
  readingOf('evidenceVersion', value, { readers: files, newest: evidenceVersion });

/** What reads a parsed case.json, by the version that it names. */
export const savedCaseReading = (value: unknown): Reading<SavedCase> =>
  readingOf('evidenceVersion', value, { readers: cases, newest: evidenceVersion });
