// `atomclock lint`. Not written yet.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../options.ts';

export async function lintCommand(_options: LintOptions, _io: Io): Promise<CommandResult> {
  throw new AtomclockError('lint/not-written', 'atomclock lint is not written yet', {
    exitCode: exitCodes.labUnavailable,
  });
}
