// Viewers of a flood: what is kept for each is bounded, and whoever was left out of something is told of how much.

import { describe, expect, it } from 'vitest';
import { Audience, type ViewerSocket } from '../../../harness/lab/audience.ts';

const limits = { batchMs: 0, settleMs: 1, batchEvents: 10, behindBytes: 1_000, lostBytes: 5_000 };

/** A socket whose other side takes nothing until it is told to. */
class Slow implements ViewerSocket {
  bufferedAmount = 0;
  readonly got: unknown[] = [];
  isClosed = false;
  takes = false;

  send(data: unknown): void {
    const text = String(data);
    this.got.push(JSON.parse(text));
    if (!this.takes) this.bufferedAmount += text.length;
  }

  close(): void {
    this.isClosed = true;
  }

  terminate(): void {
    this.isClosed = true;
  }
}

const event = (at: number) => JSON.stringify({ kind: 'event', at });

describe('what is said to viewers', () => {
  it('comes in its order, a burst in one message', () => {
    const audience = new Audience(limits);
    const viewer = new Slow();
    audience.add(viewer, ['{"say":"first"}']);
    audience.fact(1, event(1), true);
    audience.fact(1, '{"kind":"step"}', false);
    audience.say({ say: 'viewers', count: 1 });
    expect(viewer.got).toEqual([
      { say: 'first' },
      { say: 'facts', run: 1, facts: [{ kind: 'event', at: 1 }, { kind: 'step' }] },
      { say: 'viewers', count: 1 },
    ]);
  });

  it('is cut where there is too much of it, and says by how much', () => {
    const audience = new Audience(limits);
    const viewer = new Slow();
    audience.add(viewer, []);
    for (let at = 0; at < 25; at++) audience.fact(1, event(at), true);
    audience.fact(1, '{"kind":"step"}', false);
    audience.flush();
    const [facts, leftOut] = viewer.got as [{ facts: unknown[] }, unknown];
    expect(facts.facts.length).toBe(11);
    expect(facts.facts.at(-1)).toEqual({ kind: 'step' });
    expect(leftOut).toEqual({ say: 'left-out', run: 1, count: 15 });
  });

  it('leaves out events for whoever is behind, says how many when it has caught up, and keeps nobody else waiting', () => {
    const audience = new Audience(limits);
    const [slow, quick] = [new Slow(), new Slow()];
    quick.takes = true;
    audience.add(slow, []);
    audience.add(quick, []);
    const batch = () => {
      for (let at = 0; at < 5; at++) audience.fact(1, event(at), true);
      audience.fact(1, '{"kind":"step"}', false);
      audience.flush();
    };
    slow.bufferedAmount = 2_000;
    batch();
    batch();
    expect(slow.got).toEqual(Array(2).fill({ say: 'facts', run: 1, facts: [{ kind: 'step' }] }));
    slow.bufferedAmount = 0;
    batch();
    expect(slow.got.at(-1)).toEqual({ say: 'left-out', run: 1, count: 10 });
    expect(quick.got).toEqual(
      Array(3).fill({
        say: 'facts',
        run: 1,
        facts: [...Array(5).keys()].map((at): unknown => ({ kind: 'event', at })).concat({ kind: 'step' }),
      }),
    );
  });

  it('says how many were left out to who catches up when nothing more comes', async () => {
    const audience = new Audience(limits);
    const slow = new Slow();
    audience.add(slow, []);
    slow.bufferedAmount = 2_000;
    audience.fact(1, event(0), true);
    audience.flush();
    expect(slow.got).toEqual([]);
    slow.bufferedAmount = 0;
    await expect.poll(() => slow.got).toEqual([{ say: 'left-out', run: 1, count: 1 }]);
  });

  it('lets go who takes nothing at all: what waits for a viewer never grows beyond its bound', () => {
    const audience = new Audience(limits);
    const stuck = new Slow();
    audience.add(stuck, []);
    let most = 0;
    for (let round = 0; round < 1_000; round++) {
      for (let at = 0; at < 100; at++) audience.fact(1, event(at), true);
      audience.fact(1, JSON.stringify({ kind: 'step', stdout: 'x'.repeat(100) }), false);
      audience.flush();
      most = Math.max(most, stuck.bufferedAmount);
    }
    expect(most).toBeLessThan(limits.lostBytes + limits.behindBytes);
    expect(stuck.isClosed).toBe(true);
    expect(audience.size).toBe(0);
  });
});
