// `atomclock doctor`. Not written yet.

import { AtomclockError, exitCodes } from '../../model/errors.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { DoctorOptions } from '../options.ts';

export async function doctorCommand(_options: DoctorOptions, _io: Io): Promise<CommandResult> {
  throw new AtomclockError('doctor/not-written', 'atomclock doctor is not written yet', {
    exitCode: exitCodes.labUnavailable,
  });
}
