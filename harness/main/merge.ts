// The shards of one run, put together as the one run they are: their records, and their evidence.

import { copyCase, hasEvidence, readEvidenceFile, writeEvidenceFile } from '../content/evidence-folder.ts';
import { inShardOrder, mergeRuns } from '../engine/record/merge.ts';
import { mergeEvidence } from '../engine/record/merge-evidence.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { MergeRequest } from './request.ts';
import { readRun, writeRun } from './run-file.ts';
import { claimForRecord } from './run-folder.ts';
import { writing } from './writing.ts';

interface Merged {
  record: RunRecord;
  /** The run.json that was written; null: none was asked for. */
  kept: string | null;
  /** What was given without evidence: the merged run cannot be replayed then, and none is carried. */
  withoutEvidence: readonly string[];
}

/** @throws AtomclockError `run/…`, `merge/…`, `evidence/…`, `output/…` */
export async function merge({ runs, out }: MergeRequest): Promise<Merged> {
  if (out !== null) await claimForRecord(out, null);
  const records = await Promise.all(runs.map(readRun));
  const record = mergeRuns(records);
  if (out === null) return { record, kept: null, withoutEvidence: [] };
  const withoutEvidence = await lacking(runs);
  if (withoutEvidence.length === 0) {
    const folders = inShardOrder(records).map((each) => runs[records.indexOf(each)] as string);
    await carryEvidence(folders, record, out);
  }
  return { record, kept: await writeRun(out, record), withoutEvidence };
}

async function lacking(runs: readonly string[]): Promise<string[]> {
  const has = await Promise.all(runs.map(hasEvidence));
  return runs.filter((_, at) => !has[at]);
}

/** The file comes last: what was interrupted before it is no evidence yet. */
async function carryEvidence(folders: readonly string[], record: RunRecord, out: string): Promise<void> {
  const { file, copies } = mergeEvidence(record, await Promise.all(folders.map(readEvidenceFile)));
  await writing(out, async () => {
    for (const { run, from, to } of copies) await copyCase(folders[run] as string, from, out, to);
    await writeEvidenceFile(out, file);
  });
}
