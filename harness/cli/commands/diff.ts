// `atomclock diff`: what changed in coverage between two saved runs.

import { diff } from '../../main/diff.ts';
import { exitCodes } from '../../model/errors.ts';
import { renderDiff } from '../../report/diff.ts';
import { printableJson } from '../../report/json.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { DiffOptions } from '../options.ts';

/** Exits 1 when something got worse. */
export async function diffCommand(options: DiffOptions, { stdout }: Io): Promise<CommandResult> {
  const found = await diff(options);
  stdout.write(options.json ? `${printableJson(found)}\n` : renderDiff(found, stdout).output);
  return { exitCode: found.worse.length > 0 ? exitCodes.expectationFailed : exitCodes.asExpected };
}
