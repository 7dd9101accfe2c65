// What changed in coverage between two saved runs.

import { diffRuns, type RunDiff } from '../engine/record/diff.ts';
import type { DiffRequest } from './request.ts';
import { readRun } from './run-file.ts';

/** @throws AtomclockError `run/…` for a run that cannot be read */
export const diff = async (request: DiffRequest): Promise<RunDiff> =>
  diffRuns(await readRun(request.old), await readRun(request.new));
