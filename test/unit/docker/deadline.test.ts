// A wait ends with its work, with its limit, or with its work's error.

import { describe, expect, it, vi } from 'vitest';
import { withinLimit } from '../../../harness/docker/host/deadline.ts';

const never = new Promise<void>(() => {});

describe('a limit', () => {
  it('is not reached by work that is done', async () => {
    expect(await withinLimit(Promise.resolve(), 1000)).toBe(true);
    expect(await withinLimit(Promise.resolve(), undefined)).toBe(true);
  });

  it('ends the wait for work that is never done', async () => {
    vi.useFakeTimers();
    const waiting = withinLimit(never, 60_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await waiting).toBe(false);
    vi.useRealTimers();
  });

  it('passes on the error of the work', async () => {
    await expect(withinLimit(Promise.reject(new RangeError('x')), 1000)).rejects.toThrow(RangeError);
  });
});
