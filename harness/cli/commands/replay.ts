// `atomclock replay`: recorded evidence, judged again without Docker.

import { placeholderValues } from '../../main/placeholder-values.ts';
import { replay } from '../../main/replay.ts';
import { keepHeapSmall } from '../../main/small-heap.ts';
import { readTraces } from '../../main/traces.ts';
import { exitCodes } from '../../model/errors.ts';
import { withGates } from '../../model/gates.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { ReplayOptions } from '../options.ts';
import { outcomeOf } from '../outcome.ts';
import { withProgress } from '../progress.ts';
import { watchReplayCommand } from '../watch-replay.ts';
import { writeReports } from '../write-reports.ts';

/** What is no event in a bare file, or no text of a rule, is bad input, though the rest was judged. */
export async function replayCommand(options: ReplayOptions, io: Io): Promise<CommandResult> {
  if (options.watch) return await watchReplayCommand(options, io);
  keepHeapSmall();
  const {
    record: judged,
    hasErrors,
    kept,
  } = await withProgress(io, options, (show) => replay(options, io, show));
  const record = withGates(judged, options.requirements);
  if (kept !== null && !options.quiet) io.stderr.write(`Replay kept in ${kept}\n`);
  const { source, rules } = options;
  await writeReports(record, options, io, () =>
    readTraces(source, record, { rules, placeholders: placeholderValues(options) }),
  );
  return { exitCode: hasErrors ? exitCodes.badInput : outcomeOf(record) };
}
