// atd's clock: it sleeps until its next job, so that a restart on a moved clock launches a job of next week at once.

import type { Schedule } from '../model/inventory.ts';
import {
  type ClockJump,
  type ClockLever,
  environmentFile,
  faketime,
  requireUnit,
  secondsUntil,
  untilNext,
  writeText,
} from './clock.ts';

const settings = environmentFile('atd');

/** @param isBatch whether a schedule is a job of batch's, which waits for the load of the machine besides its time */
export const atClock = (units: readonly string[], isBatch: (schedule: Schedule) => boolean): ClockLever => ({
  dueIn: (schedule, _clock, nowMs) => untilNext(schedule, nowMs),
  jumpFor: ({ nextRun }) => (nextRun === undefined ? null : { scheduler: 'atd', to: nextRun }),
  /** atd looks into its spool once an hour unless `at` tells it, and when it starts. */
  nudge: (nowMs): ClockJump => ({ scheduler: 'atd', to: new Date(nowMs).toISOString() }),
  isHeldUp: isBatch,
  moveTo: (to, nowMs) => [
    requireUnit(units, 'is-active'),
    // The load that batch jobs wait for to sink is this machine's, not the target's.
    writeText(settings, `${faketime(secondsUntil(to, nowMs))}ATD_ARGS=-l 1000`),
    'systemctl restart "$unit"',
  ],
});
