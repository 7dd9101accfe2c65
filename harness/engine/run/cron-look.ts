// Whether cron has looked at its tables since a moment: it sleeps until the next minute of its clock, and looks when it
// wakes, however fast that clock is and however busy the machine.

import type { Target } from '../ports.ts';

/**
 * How many times a process has gone to sleep by itself so far.
 * @returns null where there is no such process, or its system does not say
 * @source proc_pid_status(5), voluntary_ctxt_switches
 */
export async function sleepsOf(target: Pick<Target, 'exec'>, pid: number): Promise<number | null> {
  const { stdout } = await target.exec(['cat', `/proc/${pid}/status`], { timeoutMs: readLimitMs });
  const found = /^voluntary_ctxt_switches:\s*(\d+)$/m.exec(stdout)?.[1];
  return found === undefined ? null : Number(found);
}

/** It may have been at a look that had begun before: after the second sleep from then on a whole one lies behind it. */
export const sleepsForALook = 2;

/** Against what hangs: a busy machine may take ten times as long as an idle one. */
const readLimitMs = 60_000;
