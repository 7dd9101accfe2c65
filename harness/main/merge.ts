// The shards of one run, put together and judged as the one run they are.

import { mergeRuns } from '../engine/record/merge.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { MergeRequest } from './request.ts';
import { readRun, writeRun } from './run-file.ts';
import { claimForRecord } from './run-folder.ts';

interface Merged {
  record: RunRecord;
  /** The run.json that was written; null: none was asked for. */
  kept: string | null;
}

/** @throws AtomclockError `run/…`, `merge/…`, `output/…` */
export async function merge({ runs, out }: MergeRequest): Promise<Merged> {
  if (out !== null) await claimForRecord(out, null);
  const record = mergeRuns(await Promise.all(runs.map(readRun)));
  return { record, kept: out === null ? null : await writeRun(out, record) };
}
