// `atomclock export`: what others take of atomics and of what was recorded.

import { exportArt } from '../../main/export.ts';
import { exportEvents } from '../../main/export-events.ts';
import { exportRegression } from '../../main/export-sigma.ts';
import { exitCodes } from '../../model/errors.ts';
import type { OnRunEvent } from '../../model/run-event.ts';
import { printable } from '../../report/printable.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ExportOptions } from '../options.ts';
import { showProgress } from '../progress.ts';

/** The names of the files that were written, on standard output. */
export async function exportCommand(options: ExportOptions, io: Io): Promise<CommandResult> {
  using progress = showProgress(io);
  const { files, summary } = await exported(options, io, progress.show);
  for (const file of files) io.stdout.write(`${printable(file)}\n`);
  io.stderr.write(`${summary} written\n`);
  return { exitCode: exitCodes.asExpected };
}

async function exported(
  options: ExportOptions,
  io: Io,
  show: OnRunEvent,
): Promise<{ readonly files: readonly string[]; readonly summary: string }> {
  switch (options.kind) {
    case 'art': {
      const { files, atomics, variants } = await exportArt(options, show);
      return { files, summary: `${atomics} atomics and ${variants} variants` };
    }
    case 'sigma-regression': {
      const { files, rules, events } = await exportRegression(options, io, show);
      return { files, summary: `tests of ${rules} rules with ${events} events` };
    }
    case 'events': {
      const { files, cases, events } = await exportEvents(options);
      return { files, summary: `${events} events of ${cases} cases` };
    }
  }
}
