// The one error that every trouble with a vanished engine becomes, so that its true reason is told whoever meets it.

import { AtomclockError, exitCodes } from '../../model/errors.ts';

const code = 'lab/engine-gone';

/**
 * @param address of the engine, as DOCKER_HOST would name it
 * @param detail what was noticed: `it closed the connection`
 */
export const engineLoss = (address: string, detail: string, cause?: unknown): AtomclockError =>
  new AtomclockError(code, `the container engine at ${address} has gone away: ${detail}`, {
    exitCode: exitCodes.labUnavailable,
    hint: "start it again (atomclock doctor --fix, where it is this machine's own)",
    cause,
  });

export const isEngineLoss = (error: unknown): error is AtomclockError =>
  error instanceof AtomclockError && error.code === code;

/**
 * A failed connection as the loss that it is; any other error as it is.
 * @param error what a request of dockerode's failed with
 */
export function asLoss(error: unknown, address: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  // Files that an upload reads have such codes, too: of a socket they come with the call that failed.
  if ('syscall' in error && error.syscall === 'connect') {
    return engineLoss(address, `it does not take connections (${error.code})`, error);
  }
  return closings.has(String(error.code))
    ? engineLoss(address, `it closed the connection (${error.code})`, error)
    : error;
}

/** ETIMEDOUT: the engine's machine is gone, TCP says. */
const closings: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT']);
