// What a test that fails tells: Vitest shows the message of an error and nothing else that it has.

import { AtomclockError } from '../model/errors.ts';

/** The work; where it fails, the message says what to do about it, too. */
export async function withHint<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AtomclockError && error.hint !== undefined && !error.message.endsWith(error.hint))
      error.message += `\n  ${error.hint}`;
    throw error;
  }
}
