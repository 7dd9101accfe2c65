// `atomclock export`: atomics and their variants as files that Atomic Red Team's runners take.

import { exportArt } from '../../main/export.ts';
import { exitCodes } from '../../model/errors.ts';
import { printable } from '../../report/printable.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ExportOptions } from '../options.ts';
import { showProgress } from '../progress.ts';

/** The names of the files that were written, on standard output. */
export async function exportCommand(options: ExportOptions, io: Io): Promise<CommandResult> {
  using progress = showProgress(io);
  const { files, atomics, variants } = await exportArt(options, progress.show);
  for (const file of files) io.stdout.write(`${printable(file)}\n`);
  io.stderr.write(`${atomics} atomics and ${variants} variants written\n`);
  return { exitCode: exitCodes.asExpected };
}
