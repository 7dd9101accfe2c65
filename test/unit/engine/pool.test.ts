import { describe, expect, it } from 'vitest';
import { inPool } from '../../../harness/engine/run/pool.ts';

const never = new AbortController().signal;

describe('inPool', () => {
  it('keeps the order of the items and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await inPool([3, 1, 2, 0], { busy: 2, open: 2 }, never, async (item) => {
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
    const run = inPool([1, 2, 3, 4], { busy: 2, open: 2 }, never, async (item) => {
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
    const run = inPool([1, 2, 3], { busy: 1, open: 1 }, abort.signal, async (item) => {
      started.push(item);
      abort.abort(new RangeError('enough'));
    });
    await expect(run).rejects.toThrow('enough');
    expect(started).toEqual([1]);
  });

  it.each([
    { busy: 1, open: 1, atWork: 1, begun: 1 },
    { busy: 1, open: 3, atWork: 1, begun: 3 },
    { busy: 2, open: 2, atWork: 2, begun: 2 },
    { busy: 2, open: 5, atWork: 2, begun: 5 },
  ])('lets others work while some wait: $busy at work, $open begun', async ({ atWork, begun, ...limits }) => {
    const most = { atWork: 0, begun: 0 };
    let working = 0;
    let open = 0;
    const work = async (by: number) => {
      working += by;
      most.atWork = Math.max(most.atWork, working);
      await Promise.resolve();
    };
    await inPool([1, 2, 3, 4, 5, 6], limits, never, async (_, aside) => {
      open += 1;
      most.begun = Math.max(most.begun, open);
      await work(1);
      await work(-1);
      await aside(() => new Promise((resolve) => setTimeout(resolve, 5)));
      await work(1);
      await work(-1);
      open -= 1;
    });
    expect(most).toEqual({ atWork, begun });
  });

  it('lets one that comes back in before one that begins', async () => {
    const order: string[] = [];
    const waited = Promise.withResolvers<void>();
    await inPool(['a', 'b', 'c'], { busy: 1, open: 3 }, never, async (item, aside) => {
      order.push(`${item} begins`);
      if (item === 'a') await aside(() => waited.promise);
      if (item === 'b') {
        waited.resolve();
        // Time for it to ask.
        await new Promise((resolve) => setImmediate(resolve));
      }
      order.push(`${item} ends`);
    });
    expect(order).toEqual(['a begins', 'b begins', 'b ends', 'a ends', 'c begins', 'c ends']);
  });

  it('ends with the failure of a wait, and with what else was begun', async () => {
    const ended: number[] = [];
    const run = inPool([1, 2, 3, 4], { busy: 1, open: 2 }, never, async (item, aside) => {
      await aside(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        if (item === 1) throw new RangeError('wait');
      });
      ended.push(item);
    });
    await expect(run).rejects.toThrow('wait');
    expect(ended).toEqual([2]);
  });
});
