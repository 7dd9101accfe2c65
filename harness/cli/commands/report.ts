// `atomclock report`: a saved run in another format, or the JSON Schema of saved runs.

import { readRun } from '../../main/run-file.ts';
import { readTraces } from '../../main/traces.ts';
import { exitCodes } from '../../model/errors.ts';
import { withGates } from '../../model/gates.ts';
import { runRecordJsonSchema } from '../../report/json-schema.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ReportOptions } from '../options.ts';
import { writeReports } from '../write-reports.ts';

/** Renders; it does not judge, so it exits 0 whatever the run found, unless it misses what is required now. */
export async function reportCommand(
  { run, requirements, ...output }: ReportOptions,
  io: Io,
): Promise<CommandResult> {
  if (run === null) {
    io.stdout.write(`${JSON.stringify(runRecordJsonSchema(), null, 2)}\n`);
    return { exitCode: exitCodes.asExpected };
  }
  const record = withGates(await readRun(run), requirements);
  await writeReports(record, output, io, () => readTraces(run, record));
  const isMet = requirements.length === 0 || (record.gates ?? []).every(({ met }) => met);
  return { exitCode: isMet ? exitCodes.asExpected : exitCodes.expectationFailed };
}
