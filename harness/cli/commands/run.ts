// `atomclock run`: the main job; this file only shows progress and hands the record to the reporters.

import { run } from '../../main/run.ts';
import { readTraces } from '../../main/traces.ts';
import { type ExitCode, exitCodes } from '../../model/errors.ts';
import { withGates } from '../../model/gates.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { usageError } from '../arguments.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { RunOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { withProgress } from '../progress.ts';
import { withWatch } from '../watch.ts';
import { awaitsEdits, watchRunCommand } from '../watch-run.ts';
import { writeReports } from '../write-reports.ts';
import { repeatRun } from './repeat-run.ts';

export async function runCommand(options: RunOptions, io: Io): Promise<CommandResult> {
  const { repeat, ...once } = options;
  if (repeat !== null)
    return repeatRun(options, repeat, io, (out, isLast) =>
      runOnce({ ...once, out, reports: isLast ? once.reports : [] }, io),
    );
  return awaitsEdits(once) ? await watchRunCommand(once, io) : await runOnce(once, io);
}

type OnceOptions = Omit<RunOptions, 'repeat'>;

async function runOnce(
  options: OnceOptions,
  io: Io,
): Promise<CommandResult & { readonly record: RunRecord; readonly folder: string }> {
  const { record: judged, folder, hasErrors, loss } = await runShown(options, io);
  const record = withGates(judged, options.requirements);
  try {
    if (options.reports.length > 0) await writeReports(record, options, io, () => readTraces(folder, record));
  } finally {
    if (!options.quiet) io.stderr.write(`Run kept in ${folder}\n`);
  }
  // Last, where it is read: with many cases the reports are long.
  if (loss) throw loss;
  return { record, folder, exitCode: hasErrors ? exitCodes.badInput : endOf(record, options) };
}

/** What --bail left out for a case that failed leaves that failure the outcome. */
const endOf = (record: RunRecord, { bail }: OnceOptions): ExitCode =>
  outcomeOf(bail ? { ...record, run: { ...record.run, missing: [] } } : record);

function runShown(options: OnceOptions, io: Io): ReturnType<typeof run> {
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
