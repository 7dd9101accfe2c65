// Work that may be cut short: its result, its error, or the signal's reason; and nothing is kept of it by the signal.

import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { untilAborted } from '../../../harness/engine/run/until-aborted.ts';

it('gives the result of the work, or its error', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve(7), signal)).toBe(7);
  await expect(untilAborted(Promise.reject(new RangeError('no')), signal)).rejects.toThrow('no');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('ends with the reason of the signal, whenever that fires', async () => {
  const later = new AbortController();
  const waiting = untilAborted(new Promise(() => {}), later.signal);
  later.abort(new RangeError('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(untilAborted(new Promise(() => {}), later.signal)).rejects.toThrow('gone');
  expect(getEventListeners(later.signal, 'abort')).toEqual([]);
});
