// Whether service managers that an attack had started are up: what they launch stands in no list before.

import type { EcsEvent } from '../../model/event.ts';
import { schedulerOfProgram } from '../../schedulers/index.ts';
import { saysUp } from '../../schedulers/systemd.ts';

/**
 * Whether each of these users has a service manager that has come up, as far as the events tell: its process was there
 * before, or the machine's manager has said that its service is started.
 * @source user@.service(5): of Type=notify, it is started once the manager has reached its default target, timers included
 */
export function areManagersUp(users: readonly string[], events: readonly EcsEvent[]): boolean {
  const started = new Set(events.flatMap(startedUnit));
  return users.every((user) =>
    events.some(
      ({ event, process }) =>
        process?.user?.name === user &&
        schedulerOfProgram(process.executable ?? '', process.args) === 'systemd' &&
        (event.action === 'already_running' ||
          (event.action === 'exec' && started.has(`user@${process.user.id}.service`))),
    ),
  );
}

/** Whether each of these processes, a manager that somebody started by hand, has said that it is up. */
export const haveSaidUp = (pids: readonly number[], events: readonly EcsEvent[]): boolean =>
  pids.every((pid) => events.some(({ process, message }) => process?.pid === pid && saysUp(message ?? '')));

function startedUnit({ event, atomclock }: EcsEvent): string[] {
  const { unit } = (atomclock.job ?? {}) as { unit?: unknown };
  return event.action === 'unit-started' && typeof unit === 'string' ? [unit] : [];
}
