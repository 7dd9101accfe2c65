// Wires the adapters to the engine: the one place that knows Docker, sensors, content and engine at the same time.

import type { OnProgress } from '../engine/progress.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Io } from './io.ts';
import type { ReplayOptions, RunOptions } from './options.ts';

/** A run's record, and the folder in which it is kept. */
export interface LabRun {
  readonly record: RunRecord;
  readonly folder: string;
}

/** Runs the selected cases in containers. Not wired yet. */
export async function runLab(_options: RunOptions, _io: Io, _onProgress: OnProgress): Promise<LabRun> {
  throw notWired('run');
}

/** Judges recorded evidence or bare events. Not wired yet. */
export async function replayLab(
  _options: ReplayOptions,
  _io: Io,
  _onProgress: OnProgress,
): Promise<RunRecord> {
  throw notWired('replay');
}

const notWired = (command: string): AtomclockError =>
  new AtomclockError('lab/not-wired', `atomclock ${command} has no engine yet`, {
    exitCode: exitCodes.labUnavailable,
  });
