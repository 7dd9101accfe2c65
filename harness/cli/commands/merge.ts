// `atomclock merge`: the shards of one run, judged as the one run they are.

import { merge } from '../../main/merge.ts';
import { readTraces } from '../../main/traces.ts';
import { printableLines } from '../../report/printable.ts';
import { missingCases } from '../../report/summary-line.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { MergeOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { writeReports } from '../write-reports.ts';

/** Exits as the whole run would have. */
export async function mergeCommand(options: MergeOptions, io: Io): Promise<CommandResult> {
  const { record, kept, withoutEvidence } = await merge(options);
  const missing = missingCases(record);
  if (missing !== null) io.stderr.write(`${printableLines(missing)}\n`);
  if (withoutEvidence.length > 0) {
    const names = withoutEvidence.join(', ');
    io.stderr.write(
      `${printableLines(`note: the merged run cannot be replayed: no evidence in ${names}`)}\n`,
    );
  }
  if (kept !== null && !options.quiet) io.stderr.write(`Merged run kept in ${kept}\n`);
  const { out } = options;
  await writeReports(record, options, io, async () => (out === null ? null : readTraces(out, record)));
  return { exitCode: outcomeOf(record) };
}
