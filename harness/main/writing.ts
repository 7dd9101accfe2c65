// Writing what the user wants to keep: where that fails it is for them to mend, and no bug.

import { dirname } from 'node:path';
import { makeFolder } from '../content/make-folder.ts';
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

/** Writes one file, in a folder that is made for it. @throws AtomclockError `output/unwritable` */
export const writingFile = (file: string, write: () => Promise<void>): Promise<void> =>
  writing(file, () => {
    makeFolder(dirname(file));
    return write();
  });
