// What changed in coverage between two saved runs.

import { diffRuns, type RunDiff } from '../engine/record/diff.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { DiffRequest } from './request.ts';
import { readRun } from './run-file.ts';

/** The two runs that were compared, and what is different. */
interface Comparison {
  readonly before: RunRecord;
  readonly after: RunRecord;
  readonly diff: RunDiff;
}

/** @throws AtomclockError `run/…` for a run that cannot be read */
export async function diff(request: DiffRequest): Promise<Comparison> {
  const [before, after] = [await readRun(request.old), await readRun(request.new)];
  return { before, after, diff: diffRuns(before, after) };
}
