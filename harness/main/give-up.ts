// How long an interrupted run may take to clear up: an engine that is stopped must not keep it, a busy one may.

import { type EngineWatch, rejectedBy } from '../docker/host/engine-watch.ts';

/** Those who ask a process to end kill it after ten seconds: by then what it has is to be kept. */
const clearingMs = 7_000;

/**
 * The result of the work, or, after an interrupt, its end within some seconds; longer while the engine answers.
 * @throws what the work throws; the signal's reason when the work is given up
 */
export async function untilGivenUp<Result>(
  work: Promise<Result>,
  engine: Pick<EngineWatch, 'answers'>,
  signal: AbortSignal,
): Promise<Result> {
  const over = new AbortController();
  try {
    return await Promise.race([work, givenUp(engine, signal, over.signal)]);
  } finally {
    over.abort();
  }
}

async function givenUp(
  engine: Pick<EngineWatch, 'answers'>,
  signal: AbortSignal,
  over: AbortSignal,
): Promise<never> {
  await rejectedBy(signal).catch(() => {});
  do await pause(clearingMs, over);
  while (await engine.answers());
  throw signal.reason;
}

/** Ends after this long, or never when it is over before: nothing waits for it then. */
const pause = (ms: number, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    over.addEventListener('abort', () => clearTimeout(timer));
  });
