// `atomclock diff`: what changed in coverage between two saved runs.

import { diffRuns } from '../../engine/record/diff.ts';
import { exitCodes } from '../../model/errors.ts';
import { renderDiff } from '../../report/diff.ts';
import { printableJson } from '../../report/json.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { DiffOptions } from '../options.ts';
import { readRun } from '../run-file.ts';

/** Exits 1 when something got worse. */
export async function diffCommand(options: DiffOptions, { stdout }: Io): Promise<CommandResult> {
  const diff = diffRuns(await readRun(options.old), await readRun(options.new));
  stdout.write(options.json ? `${printableJson(diff)}\n` : renderDiff(diff, stdout).output);
  return { exitCode: diff.worse.length > 0 ? exitCodes.expectationFailed : exitCodes.asExpected };
}
