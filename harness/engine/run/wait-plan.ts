// How long to wait for a job, and which clock to move so that it need not be long.

import type { Schedule } from '../../model/inventory.ts';
import { type Clock, type ClockJump, clockOf } from '../../schedulers/index.ts';

export type { Clock } from '../../schedulers/index.ts';

export interface Stage {
  /** What is moved before waiting; null: nothing. */
  jump: ClockJump | null;
  waitMs: number;
}

/** Longest wait for one job; what is due later is told as the reason why it was not seen. */
const longestWaitMs = 150_000;
/** Worth waiting for before any clock is moved. */
const soonMs = 8_000;
/** What the daemons, the container and a busy machine may take on top. */
const graceMs = 10_000;

/**
 * The order in which schedules come due: those of the next seconds; then, on the fast clock, one jump after the other
 * for those that are far; then whatever no clock can be moved for and is due within the longest wait. On the real clock
 * that is waited for first, and a clock is moved only for what is due later, or waits for something of the machine's.
 * @param nowMs since the epoch, on the target's clock
 */
export function stagesOf(schedules: readonly Schedule[], clock: Clock, nowMs: number): Stage[] {
  const alive = schedules.filter(({ inert }) => inert === undefined);
  const waits = alive.map((schedule) => ({ schedule, ms: clockOf(schedule).dueIn(schedule, clock, nowMs) }));
  const isSoon = ({ schedule, ms }: (typeof waits)[number]): boolean =>
    ms <= soonMs && !(clock === 'fast' && clockOf(schedule).mayBeMissed?.(schedule));
  const soon = waits.filter(isSoon);
  const far = waits.filter((wait) => !isSoon(wait));
  const isFast = clock === 'fast';
  const jumps = distinct([
    ...soon
      .filter(({ schedule }) => isFast || clockOf(schedule).isHeldUp?.(schedule))
      .flatMap(({ schedule }) => clockOf(schedule).nudge?.(nowMs) ?? []),
    ...far
      .filter(({ ms }) => isFast || ms > longestWaitMs)
      .flatMap(({ schedule }) => jumpFor(schedule) ?? []),
  ]);
  const bearable = far
    .filter(({ schedule, ms }) => ms <= longestWaitMs && !(isFast && jumpFor(schedule)))
    .map(({ ms }) => ms);
  const jumped = jumps.map((jump) => ({ jump, waitMs: graceMs }));
  const waited =
    bearable.length > 0
      ? [{ jump: null, waitMs: Math.min(longestWaitMs, Math.max(...bearable) + graceMs) }]
      : [];
  return [
    // Also where nothing is known to be scheduled: what touched a scheduler's files may have run and gone.
    ...(soon.length > 0 || far.length === 0 ? [{ jump: null, waitMs: soonMs + graceMs }] : []),
    ...(isFast ? [...jumped, ...waited] : [...waited, ...jumped]),
  ];
}

const jumpFor = (schedule: Schedule): ClockJump | null => clockOf(schedule).jumpFor(schedule);

/** Each jump once, the nearest first: a clock that is moved back and forth would launch things twice. */
const distinct = (jumps: readonly ClockJump[]): ClockJump[] =>
  [...new Map(jumps.map((jump) => [`${jump.scheduler} ${jump.to}`, jump])).values()].sort((a, b) =>
    a.to < b.to ? -1 : 1,
  );
