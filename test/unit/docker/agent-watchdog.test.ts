// When an agent that does not answer is woken, and when it is given up.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AgentWatchdog } from '../../../harness/docker/container/agent-watchdog.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A watchdog that writes down what it does. */
function watched() {
  const done: string[] = [];
  const dog = new AgentWatchdog({
    ask: () => done.push('ask'),
    wake: () => done.push('wake'),
    giveUp: () => done.push('give up'),
  });
  return { dog, done, count: (what: string) => done.filter((one) => one === what).length };
}

it('asks nothing while nobody waits', () => {
  const { dog, done } = watched();
  vi.advanceTimersByTime(600_000);
  dog.keep(true);
  dog.keep(false);
  vi.advanceTimersByTime(600_000);
  expect(done).toEqual([]);
});

it('leaves one alone that answers, however long it is at work', () => {
  const { dog, count } = watched();
  dog.keep(true);
  for (let second = 0; second < 600; second += 10) {
    vi.advanceTimersByTime(10_000);
    dog.heard();
  }
  expect([count('wake'), count('give up')]).toEqual([0, 0]);
  expect(count('ask')).toBe(120);
});

it('wakes one that is silent, and again, and then gives it up for good', () => {
  const { dog, done, count } = watched();
  dog.keep(true);
  vi.advanceTimersByTime(20_000);
  expect(done).toEqual(['ask', 'ask', 'ask', 'wake', 'ask']);
  vi.advanceTimersByTime(600_000);
  expect([count('wake'), count('give up'), done.at(-1)]).toEqual([5, 1, 'give up']);
});

it('counts anew from an answer, and from when somebody waits again', () => {
  const { dog, count } = watched();
  for (const again of [() => dog.heard(), () => dog.keep(false)]) {
    dog.keep(true);
    vi.advanceTimersByTime(15_000);
    again();
  }
  dog.keep(true);
  vi.advanceTimersByTime(15_000);
  expect(count('wake')).toBe(0);
});

it('does not take a harness that had no processor for a silent agent', () => {
  const { dog, count } = watched();
  dog.keep(true);
  // Time passes without a timer being served: one question at most comes of it.
  vi.setSystemTime(Date.now() + 600_000);
  vi.advanceTimersByTime(5_000);
  expect([count('ask'), count('wake'), count('give up')]).toEqual([1, 0, 0]);
});
