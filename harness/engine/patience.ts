// How long to wait for a job: until the scheduler would have launched it, as its own table says.

import type { Schedule } from '../model/inventory.ts';

export type Clock = 'fast' | 'real';

/** Cron's clock under `--clock fast` (containers/target): sixty seconds pass in one. */
const cronSpeed: Record<Clock, number> = { fast: 60, real: 1 };

/** Longest wait for one job; what is due later is told as the reason why it was not seen. */
const longestWaitMs = 150_000;
/** A timer may fire this much later than it says (systemd.timer(5), AccuracySec= is one minute by default). */
const timerAccuracyMs = 60_000;
/** What the daemons, the container and a busy machine may take on top. */
const graceMs = 10_000;

/**
 * Milliseconds within which one of these schedules is launched if it ever is.
 * @param nowMs since the epoch, on the target's clock
 */
export function waitFor(added: readonly Schedule[], clock: Clock, nowMs: number): number {
  const waits = added.filter(({ inert }) => !inert).map((schedule) => dueIn(schedule, clock, nowMs));
  const longest = Math.max(0, ...waits.filter((wait) => wait <= longestWaitMs));
  return Math.min(longestWaitMs, longest + graceMs);
}

function dueIn({ kind, nextRun, when }: Schedule, clock: Clock, nowMs: number): number {
  const untilNext = nextRun ? Math.max(0, Date.parse(nextRun) - nowMs) : 60_000;
  switch (kind) {
    case 'timer':
    case 'user-timer':
      return untilNext + (nextRun ? timerAccuracyMs : 0);
    case 'at':
      return untilNext;
    case 'crontab':
    case 'system-crontab':
      return (when.startsWith('@reboot') ? 0 : untilNext + 60_000) / cronSpeed[clock];
    case 'run-parts':
    case 'anacron':
      return 3_600_000 / cronSpeed[clock];
  }
}
