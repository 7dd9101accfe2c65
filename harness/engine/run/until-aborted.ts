// Waits for work that somebody may cut short, and keeps nothing of it: a race with a promise that outlives it would.

/**
 * @returns the work's result; it goes on by itself when the signal fires first
 * @throws the signal's reason when it fires first
 */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
