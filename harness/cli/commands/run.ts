// `atomclock run`: the main job; this file only shows progress and hands the record to the reporters.

import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import { runLab } from '../lab.ts';
import type { RunOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { showProgress } from '../progress.ts';
import { writeReports } from '../write-reports.ts';

export async function runCommand(options: RunOptions, io: Io): Promise<CommandResult> {
  const { record, folder } = await withProgress(options, io);
  await writeReports(record, options.reports, io);
  io.stderr.write(`Run kept in ${folder}\n`);
  return { exitCode: outcomeOf(record) };
}

/** The live rows are gone before a report begins. */
async function withProgress(options: RunOptions, io: Io): ReturnType<typeof runLab> {
  using progress = showProgress(io);
  return await runLab(options, io, progress.show);
}
