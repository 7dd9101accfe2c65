// After an interrupt the work has its time, and no more of it than the engine is worth.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilGivenUp } from '../../../harness/main/give-up.ts';

const reason = new RangeError('interrupted');
const interrupted = AbortSignal.abort(reason);
const never = new Promise<string>(() => {});

describe('work that was interrupted', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('ends by itself in time', async () => {
    const engine = { answers: async () => false };
    expect(await untilGivenUp(Promise.resolve('done'), engine, interrupted)).toBe('done');
  });

  it('is given up where the engine does not answer, before those who wait kill the process', async () => {
    const failed = expect(untilGivenUp(never, { answers: async () => false }, interrupted)).rejects.toBe(
      reason,
    );
    await vi.advanceTimersByTimeAsync(9_000);
    await failed;
  });

  it('has as long as it takes where the engine answers', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const answers = vi.fn(async () => true);
    const result = untilGivenUp(promise, { answers }, interrupted);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(answers.mock.calls.length).toBeGreaterThan(5);
    resolve('done');
    expect(await result).toBe('done');
  });

  it('is not looked at before it is interrupted', async () => {
    const answers = vi.fn(async () => false);
    const { promise, resolve } = Promise.withResolvers<string>();
    const result = untilGivenUp(promise, { answers }, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(600_000);
    resolve('done');
    expect(await result).toBe('done');
    expect(answers).not.toHaveBeenCalled();
  });
});
