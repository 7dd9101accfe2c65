// `atomclock run`: the main job; this file only shows progress and hands the record to the reporters.

import { run } from '../../main/run.ts';
import { readTraces } from '../../main/traces.ts';
import { exitCodes } from '../../model/errors.ts';
import { withGates } from '../../model/gates.ts';
import { usageError } from '../arguments.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { RunOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { withProgress } from '../progress.ts';
import { withWatch } from '../watch.ts';
import { writeReports } from '../write-reports.ts';

export async function runCommand(options: RunOptions, io: Io): Promise<CommandResult> {
  const { record: judged, folder, hasErrors, loss } = await runShown(options, io);
  const record = withGates(judged, options.requirements);
  try {
    await writeReports(record, options, io, () => readTraces(folder, record));
  } finally {
    if (!options.quiet) io.stderr.write(`Run kept in ${folder}\n`);
  }
  // Last, where it is read: with many cases the reports are long.
  if (loss) throw loss;
  return { exitCode: hasErrors ? exitCodes.badInput : outcomeOf(record) };
}

function runShown(options: RunOptions, io: Io): ReturnType<typeof run> {
  const { watch } = options;
  if (watch === 'progress') return withProgress(io, options, (show) => run(options, io, show));
  if (watch === 'step' && io.enter === null) {
    throw usageError(
      { name: 'run' },
      'no-terminal',
      '--step waits for Enter, and standard input or standard error is no terminal',
      'Without one, --watch shows the same.',
    );
  }
  return withWatch(io, ({ show, beforePhase }) =>
    run(options, { ...io, ...(watch === 'step' && { beforePhase }) }, show),
  );
}
