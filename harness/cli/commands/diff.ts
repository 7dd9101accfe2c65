// `atomclock diff`: what changed in coverage between two saved runs.

import { diff } from '../../main/diff.ts';
import { exitCodes } from '../../model/errors.ts';
import { comparisonLine } from '../../report/diff/comparison.ts';
import { diffReporters } from '../../report/diff/reporters.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { DiffOptions } from '../options.ts';
import { writeRendered } from '../write-reports.ts';

/** Exits 1 when something got worse. */
export async function diffCommand(options: DiffOptions, io: Io): Promise<CommandResult> {
  const comparison = await diff(options);
  await writeRendered(options, io, {
    render: (format, settings) => diffReporters[format](comparison, settings),
    verdict: () => comparisonLine(comparison.diff),
  });
  const isWorse = comparison.diff.worse.length > 0;
  return { exitCode: isWorse ? exitCodes.expectationFailed : exitCodes.asExpected };
}
