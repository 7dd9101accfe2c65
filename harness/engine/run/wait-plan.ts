// How long to wait for a job, and which clock to move so that it need not be long.

import type { Schedule } from '../../model/inventory.ts';
import type { ClockJump } from '../ports.ts';

export type Clock = 'fast' | 'real';

export interface Stage {
  /** What is moved before waiting; null: nothing. */
  jump: ClockJump | null;
  waitMs: number;
}

/** Cron's clock under `--clock fast` (containers/target): sixty seconds pass in one. */
const cronSpeed: Record<Clock, number> = { fast: 60, real: 1 };

/** Longest wait for one job; what is due later is told as the reason why it was not seen. */
const longestWaitMs = 150_000;
/** Worth waiting for before any clock is moved. */
const soonMs = 8_000;
/** A timer may fire this much later than it says, where it does not tell (systemd.timer(5), AccuracySec=). */
const timerAccuracyMs = 60_000;
/** What the daemons, the container and a busy machine may take on top. */
const graceMs = 10_000;

/**
 * The order in which schedules come due: those of the next seconds; then, on the fast clock, one jump after the other
 * for those that are far; then whatever no clock can be moved for and is due within the longest wait.
 * @param nowMs since the epoch, on the target's clock
 */
export function stagesOf(schedules: readonly Schedule[], clock: Clock, nowMs: number): Stage[] {
  const alive = schedules.filter(({ inert }) => inert === undefined);
  const waits = alive.map((schedule) => ({ schedule, ms: dueIn(schedule, clock, nowMs) }));
  const isSoon = ({ schedule, ms }: (typeof waits)[number]): boolean =>
    ms <= soonMs && !(clock === 'fast' && mayBeMissed(schedule));
  const soon = waits.filter(isSoon);
  const far = waits.filter((wait) => !isSoon(wait));
  const jumps =
    clock === 'fast'
      ? distinct([
          ...soon.flatMap(({ schedule }) => (schedule.kind === 'at' ? lookNow(nowMs) : [])),
          ...far.flatMap(({ schedule }) => jumpFor(schedule) ?? []),
        ])
      : [];
  const bearable = far
    .filter(({ schedule, ms }) => ms <= longestWaitMs && !(clock === 'fast' && jumpFor(schedule)))
    .map(({ ms }) => ms);
  return [
    // Also where nothing is known to be scheduled: what touched a scheduler's files may have run and gone.
    ...(soon.length > 0 || far.length === 0 ? [{ jump: null, waitMs: soonMs + graceMs }] : []),
    ...jumps.map((jump) => ({ jump, waitMs: graceMs })),
    ...(bearable.length > 0
      ? [{ jump: null, waitMs: Math.min(longestWaitMs, Math.max(...bearable) + graceMs) }]
      : []),
  ];
}

/** Milliseconds until the job is launched, if it ever is. */
function dueIn({ kind, when, nextRun, accuracyMs }: Schedule, clock: Clock, nowMs: number): number {
  const untilNext =
    nextRun === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Date.parse(nextRun) - nowMs);
  switch (kind) {
    case 'timer':
    case 'user-timer':
      if (waitsForClockChange(when)) return Number.POSITIVE_INFINITY;
      // It waits for its service to end, was just triggered, or its manager is about to start.
      if (nextRun === undefined) return 0;
      return untilNext + (accuracyMs ?? timerAccuracyMs);
    case 'at':
      return untilNext;
    case 'crontab':
    case 'system-crontab':
    case 'run-parts':
    case 'anacron':
      return (untilNext + 60_000) / cronSpeed[clock];
  }
}

/**
 * Whether cron's fast clock may have passed the next run already, and does not come to another one soon: it is minutes
 * ahead of the machine's.
 */
const mayBeMissed = ({ kind, when, nextRun }: Schedule): boolean =>
  (kind === 'crontab' || kind === 'system-crontab') && nextRun !== undefined && !recursSoon.test(when);

/** Every minute, or every few: the fast clock comes to it within seconds. */
const recursSoon = /^\*(?:\/(?:\d|10))? \*(?:\/1)? /;

/** Whether that is all that elapses a timer; nobody changes the clock or its zone while a case runs. */
export const waitsForClockChange = (when: string): boolean =>
  /^(?:On(?:Clock|Timezone)Change=yes ?)+$/.test(when);

/**
 * For a job that is due and is not launched: atd looks into its spool once an hour unless `at` tells it, and when it
 * starts.
 */
const lookNow = (nowMs: number): ClockJump => ({ scheduler: 'atd', to: new Date(nowMs).toISOString() });

/** Which clock brings a job about; null where it can't be moved. */
function jumpFor({ kind, nextRun, when }: Schedule): ClockJump | null {
  switch (kind) {
    case 'crontab':
    case 'system-crontab':
      if (when.startsWith('@reboot')) return { scheduler: 'cron', to: 'boot' };
      return nextRun === undefined ? null : { scheduler: 'cron', to: nextRun };
    case 'run-parts':
      // Without a time of its own it is anacron's to run.
      return nextRun === undefined
        ? { scheduler: 'anacron', to: 'tomorrow' }
        : { scheduler: 'cron', to: nextRun };
    case 'anacron':
      return { scheduler: 'anacron', to: 'tomorrow' };
    case 'at':
      return nextRun === undefined ? null : { scheduler: 'atd', to: nextRun };
    case 'timer':
    case 'user-timer':
      return null;
  }
}

/** Each jump once, the nearest first: a clock that is moved back and forth would launch things twice. */
const distinct = (jumps: readonly ClockJump[]): ClockJump[] =>
  [...new Map(jumps.map((jump) => [`${jump.scheduler} ${jump.to}`, jump])).values()].sort((a, b) =>
    a.to < b.to ? -1 : 1,
  );
