// Judges again what was recorded: a run's folder, case by case, or a bare file of events. No Docker.

import { stat } from 'node:fs/promises';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { OnRunEvent } from '../model/run-event.ts';
import type { Replayed } from './replayed.ts';
import type { ReplayRequest } from './request.ts';
import { stamped, type World } from './world.ts';

export interface Replay extends Replayed {
  /** The run.json that was written; null: none was asked for. */
  readonly kept: string | null;
}

/**
 * Judges a run's folder by the rules it was recorded with, or by `--rules`; a bare file by `--rules` or the bundled ones.
 * With sensors, a run's folder is judged as if it had been recorded by these alone.
 * @throws AtomclockError `replay/…`, `evidence/…`, `output/…`
 */
export async function replay(request: ReplayRequest, world: World, onEvent: OnRunEvent): Promise<Replay> {
  const say = stamped(onEvent);
  const { source, out } = request;
  if (out !== null) await (await import('./run-folder.ts')).claimForRecord(out, source);
  const isFolder = await stat(source).then(
    (found) => found.isDirectory(),
    (cause: Error) => {
      throw new AtomclockError('replay/unreadable', `cannot read ${source}: ${cause.message}`, {
        exitCode: exitCodes.badInput,
        cause,
      });
    },
  );
  // Neither waits for what the other needs to be loaded.
  const judge = isFolder
    ? (await import('./replay-folder.ts')).replayFolder
    : (await import('./replay-file.ts')).replayFile;
  const judged = await judge(request, world, say);
  say({ kind: 'run-finished', summary: judged.record.summary });
  if (out === null) return { ...judged, kept: null };
  const { writeRun } = await import('./run-file.ts');
  return { ...judged, kept: await writeRun(out, judged.record) };
}
