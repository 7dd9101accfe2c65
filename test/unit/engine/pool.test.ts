import { describe, expect, it } from 'vitest';
import { inPool } from '../../../harness/engine/run/pool.ts';

const never = new AbortController().signal;

describe('inPool', () => {
  it('keeps the order of the items and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await inPool([3, 1, 2, 0], 2, never, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn < item; turn++) await Promise.resolve();
      running -= 1;
      return item * 10;
    });
    expect(results).toEqual([30, 10, 20, 0]);
    expect(most).toBe(2);
  });

  it('hands out nothing more after a failure, and lets the running ones end', async () => {
    const ended: number[] = [];
    const run = inPool([1, 2, 3, 4], 2, never, async (item) => {
      await Promise.resolve();
      if (item === 1) throw new RangeError('first');
      await Promise.resolve();
      ended.push(item);
    });
    await expect(run).rejects.toThrow('first');
    expect(ended).toEqual([2]);
  });

  it('stops at an abort', async () => {
    const abort = new AbortController();
    const started: number[] = [];
    const run = inPool([1, 2, 3], 1, abort.signal, async (item) => {
      started.push(item);
      abort.abort(new RangeError('enough'));
    });
    await expect(run).rejects.toThrow('enough');
    expect(started).toEqual([1]);
  });
});
