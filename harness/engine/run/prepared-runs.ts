// Whether what was scheduled before an attack has run since: a job in which the attack may have its payload run.

import type { Schedule } from '../../model/inventory.ts';
import type { Attribution, Role } from '../proof/attribution.ts';
import { launchesAlike } from '../proof/scheduler.ts';

/** What is due later is not waited for on the mere chance that the attack has changed what it does. */
const soonMs = 120_000;

/** Of these schedules, what prerequisites put there, and is due soon. */
export function preparedFor(
  attribution: Attribution,
  schedules: readonly Schedule[],
  nowMs: number,
): Schedule[] {
  const written = new Set(
    (['prereq', 'get-prereq'] as const).flatMap((role: Role) => attribution.writtenBy(role)),
  );
  return schedules.filter(({ file, inert, unit, nextRun }) => {
    if (file === null || !written.has(file) || inert !== undefined) return false;
    return nextRun === undefined ? unit?.active === true : Date.parse(nextRun) - nowMs <= soonMs;
  });
}

/** Counts from when it is made. */
export class PreparedRuns {
  readonly #attribution: Attribution;
  readonly #role: Role;
  readonly #since: string;
  readonly #known: number;

  constructor(attribution: Attribution, role: Role) {
    this.#attribution = attribution;
    this.#role = role;
    this.#since = attribution.latestTime;
    this.#known = attribution.unexplained(role).length;
  }

  /** Whether it was launched, and the scheduler is done with that. */
  haveBeen(schedule: Schedule): boolean {
    const { unit, kind } = schedule;
    if (unit)
      return this.#attribution.launches.some(
        (launch) =>
          launch.unit === unit.activates &&
          launch.event['@timestamp'] > this.#since &&
          launch.job.root.endedAt !== null,
      );
    // The job of an at is its shell's input: its launch does not tell which it is.
    return this.#attribution
      .unexplained(this.#role)
      .slice(this.#known)
      .some(
        (launch) =>
          launch.isOver && (kind === 'at' ? launch.scheduler === 'at' : launchesAlike(schedule, launch)),
      );
  }
}
