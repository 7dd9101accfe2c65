// `atomclock list`. Not written yet.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ListOptions } from '../options.ts';

export async function listCommand(_options: ListOptions, _io: Io): Promise<CommandResult> {
  throw new AtomclockError('list/not-written', 'atomclock list is not written yet', {
    exitCode: exitCodes.labUnavailable,
  });
}
