// Writing what the user wants to keep: where that fails it is for them to mend, and no bug.

import { AtomclockError, exitCodes } from '../model/errors.ts';

/**
 * Does the writing.
 * @param path what the problem names
 * @throws AtomclockError `output/unwritable`
 */
export async function writing<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof AtomclockError) throw cause;
    throw new AtomclockError('output/unwritable', `cannot write ${path}`, {
      exitCode: exitCodes.badInput,
      cause,
    });
  }
}
