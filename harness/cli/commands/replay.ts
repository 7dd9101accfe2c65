// `atomclock replay`: recorded evidence, judged again without Docker.

import { exitCodes } from '../../model/errors.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ReplayOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { withProgress } from '../progress.ts';
import { replay } from '../replay.ts';
import { writeRun } from '../run-file.ts';
import { claimForRecord } from '../run-folder.ts';
import { writeReports } from '../write-reports.ts';

/** What is no event in a bare file, or no text of a rule, is bad input, though the rest was judged. */
export async function replayCommand(options: ReplayOptions, io: Io): Promise<CommandResult> {
  if (options.out !== null) await claimForRecord(options.out, options.source);
  const { record, isSpoilt } = await withProgress(io, (onProgress) => replay(options, io, onProgress));
  if (options.out !== null) io.stderr.write(`Replay kept in ${await writeRun(options.out, record)}\n`);
  await writeReports(record, options.reports, io);
  return { exitCode: isSpoilt ? exitCodes.badInput : outcomeOf(record) };
}
