// How the sensor fails, and how long it may take before it has.

import type { Target } from '../../engine/ports.ts';
import { AtomclockError, exitCodes } from '../../model/errors.ts';

/** How long the sensor may be silent before it has loaded, and before it answers a command. */
export const readyLimitMs = 60_000;
export const answerLimitMs = 20_000;

/** It is gone, or does not do what it is for. */
export const dead = (what: string, cause?: unknown): AtomclockError =>
  new AtomclockError('sensor/failed', `the eBPF sensor has failed: ${what}`, {
    exitCode: exitCodes.labUnavailable,
    hint: 'atomclock doctor',
    cause,
  });

/** It runs, and does not see this target. */
export const blind = (target: Target): AtomclockError =>
  new AtomclockError(
    'sensor/blind',
    `the eBPF sensor does not see the target ${target.id.slice(0, 12)}: a process started there was not reported`,
    { exitCode: exitCodes.labUnavailable, hint: 'atomclock doctor' },
  );

/** The end of what it said, for the message. */
export const lastLines = (text: string): string =>
  text.trim().split('\n').slice(-5).join('\n') || 'it said nothing';

/**
 * The promise's result; rejects with `otherwise` after the limit.
 * @param heardAt when the sensor last said anything, by `performance.now`: the limit is one of silence
 */
export async function within<T>(
  limitMs: number,
  promise: Promise<T>,
  otherwise: string,
  heardAt: () => number,
): Promise<T> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const look = () => {
      const left = Math.max(began, heardAt()) + limitMs - performance.now();
      if (left > 0) timer = setTimeout(look, left);
      else reject(dead(`${otherwise} within ${limitMs / 1000} s`));
    };
    look();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after this long; does not keep the program alive. */
export const deadline = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
