import { describe, expect, it } from 'vitest';
import { EventLog, inOrder } from '../../../harness/engine/run/event-log.ts';
import { event } from './events.ts';

const one = () => event('process', 'start', 'exec', {});
const never = new AbortController().signal;

describe('EventLog.until', () => {
  it('ends with the event that makes the condition true', async () => {
    const log = new EventLog();
    const waiting = log.until(() => log.events.length === 2, 10_000, never);
    log.push(one());
    log.push(one());
    expect(await waiting).toBe(true);
  });

  it('does not wait for what is true already', async () => {
    expect(await new EventLog().until(() => true, 10_000, never)).toBe(true);
  });

  it('gives false at the limit', async () => {
    expect(await new EventLog().until(() => false, 1, never)).toBe(false);
  });

  it('rejects with the reason of an abort', async () => {
    const abort = new AbortController();
    const waiting = new EventLog().until(() => false, 10_000, abort.signal);
    abort.abort(new RangeError('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('inOrder', () => {
  it('sorts by time, keeps arrival where times are equal, and numbers from 1', () => {
    const early = { ...one(), '@timestamp': '2026-01-01T00:00:00.000000001Z' };
    const late = { ...one(), '@timestamp': '2026-01-01T00:00:00.000000002Z' };
    const lateToo = { ...one(), '@timestamp': '2026-01-01T00:00:00.000000002Z' };
    const ordered = inOrder([late, early, lateToo]);
    expect(ordered.map(({ event: { id } }) => id)).toEqual([early.event.id, late.event.id, lateToo.event.id]);
    expect(ordered.map(({ event: { sequence } }) => sequence)).toEqual([1, 2, 3]);
  });
});
