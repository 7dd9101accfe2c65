// `atomclock merge`: the shards of one run, judged as the one run they are.

import { mergeRuns } from '../../engine/record/merge.ts';
import { printableLines } from '../../report/printable.ts';
import { missingCases } from '../../report/summary-line.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { MergeOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { readRun, writeRun } from '../run-file.ts';
import { claimForRecord } from '../run-folder.ts';
import { writeReports } from '../write-reports.ts';

/** Exits as the whole run would have. */
export async function mergeCommand({ runs, out, reports }: MergeOptions, io: Io): Promise<CommandResult> {
  if (out !== null) await claimForRecord(out, null);
  const record = mergeRuns(await Promise.all(runs.map(readRun)));
  const missing = missingCases(record);
  if (missing !== null) io.stderr.write(`${printableLines(missing)}\n`);
  if (out !== null) io.stderr.write(`Merged run kept in ${await writeRun(out, record)}\n`);
  await writeReports(record, reports, io);
  return { exitCode: outcomeOf(record) };
}
