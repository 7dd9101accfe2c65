// Judges recorded evidence for a program, as `atomclock replay` does for a shell.

import { replay as judgeAgain } from '../main/replay.ts';
import { type ReplayOptions, replayRequestOf, requirementsOf } from './options.ts';
import { listening, type Result, resultOf } from './result.ts';
import { worldOf } from './run.ts';

/** A replay that has ended. */
export interface ReplayResult extends Result {
  /** The run.json that was written; null: none was asked for. */
  readonly kept: string | null;
}

/**
 * Judges a run's folder again, or a bare file of events; needs no container engine. Prints nothing.
 *
 * ```js
 * const { record } = await replay('runs/20261128-132652-4c3a', { rules: 'rules/' });
 * console.log(record.rules.filter(({ firedIn }) => firedIn.length === 0));
 * ```
 * @param source a run's folder (what `run` left), or a file of ECS or Sigma events, journal JSON, audit log, syslog
 * @throws AtomclockError with the code of what is wrong: `library/…`, `replay/…`, `evidence/…`, `content/invalid`, `output/…`
 */
export async function replay(source: string, options: ReplayOptions = {}): Promise<ReplayResult> {
  const request = replayRequestOf(source, options);
  const { problems, hear } = listening(options.onEvent);
  const judged = await judgeAgain(request, worldOf(options), hear);
  return { ...resultOf(judged, problems, requirementsOf(options)), kept: judged.kept };
}
