// Runs attacks for a program, as `atomclock run` does for a shell.

import type { AtomclockError } from '../model/errors.ts';
import { type RunOptions, requirementsOf, runRequestOf } from './options.ts';
import { listening, type Result, resultOf } from './result.ts';

/** A run that has ended. */
export interface RunResult extends Result {
  /** Where its evidence and its record are kept: what `replay` takes. */
  readonly folder: string;
  /** Set where the container engine went away in the middle: the cases that had not ended are errored, and say so. */
  readonly loss: AtomclockError | null;
}

/**
 * Detonates the selected atomics in containers, records and judges them. Prints nothing; leaves no container, also where
 * `signal` interrupts it (the evidence of the cases that had ended is kept then).
 *
 * ```js
 * const { record, findings } = await run({ selectors: 'T1053.003', mitigations: 'none', rules: 'rules/' });
 * console.log(record.summary.attacks.unseen, findings);
 * ```
 * @throws AtomclockError with the code of what is wrong: `library/…` the options, `run/…` and `content/invalid` what they
 *   name, `lab/…` and `sensor/…` the machine, `output/…` the folder; the signal's reason when it is interrupted
 */
export async function run(options: RunOptions = {}): Promise<RunResult> {
  const request = runRequestOf(options);
  const { problems, hear } = listening(options.onEvent);
  // Loaded when it is used: who only replays needs no container engine's client.
  const { run: runInLab } = await import('../main/run.ts');
  const ended = await runInLab(request, worldOf(options), hear);
  const { folder, loss } = ended;
  const result = resultOf(ended, problems, requirementsOf(options));
  return { ...result, ...(loss && { exitCode: loss.exitCode }), folder, loss };
}

/** The process that the library works in, as the harness may know it. */
export const worldOf = ({ signal = new AbortController().signal }: Pick<RunOptions, 'signal'>) => ({
  signal,
  env: process.env,
});
