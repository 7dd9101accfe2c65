// `atomclock explain`. Not written yet.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ExplainOptions } from '../options.ts';

export async function explainCommand(_options: ExplainOptions, _io: Io): Promise<CommandResult> {
  throw new AtomclockError('explain/not-written', 'atomclock explain is not written yet', {
    exitCode: exitCodes.labUnavailable,
  });
}
