// What is wrong with this machine, and with `fix` the mending of it.

import { readTargets } from '../content/targets.ts';
import type { Check } from '../docker/doctor/checks/check.ts';
import { diagnose } from '../docker/doctor/diagnose.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import type { DoctorRequest } from './request.ts';
import { stamped } from './world.ts';

export type { Check };

/** Whoever can be asked before something of the machine is changed; null where there is nobody. */
export type Confirm = ((question: string) => Promise<boolean>) | null;

/**
 * Checks this machine.
 * @param confirm asked before packages are installed
 * @returns a row for each check, in order, and whether the lab can run
 */
export async function examine(
  { fix }: DoctorRequest,
  confirm: Confirm,
  onEvent: OnRunEvent,
): Promise<{ ready: boolean; checks: Check[] }> {
  const say = stamped(onEvent);
  const checks = await diagnose({
    targets: readTargets(),
    fix,
    confirm,
    progress: (message) => say({ kind: 'note', message }),
  });
  return { ready: checks.every(({ state }) => state !== 'failed'), checks };
}
