// `atomclock replay DIR --rules R --watch`: what each edit of a rule changes, until somebody ends it.

import { placeholderValues } from '../main/placeholder-values.ts';
import { watchReplay } from '../main/replay-watch.ts';
import { readTraces } from '../main/traces.ts';
import { withGates } from '../model/gates.ts';
import type { RunRecord } from '../model/run-record.ts';
import { renderWatched } from '../report/watched.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';
import type { ReplayOptions } from './options.ts';
import { withProgress } from './progress.ts';
import { writeReports } from './write-reports.ts';

/** Ends by a signal alone, or where nothing can be watched. */
export async function watchReplayCommand(options: ReplayOptions, io: Io): Promise<never> {
  const { source, rules, requirements } = options;
  // What is watched is the screen's; files that were asked for are written anew each time, without a word.
  const reports = options.reports.filter(({ file }) => file !== null);
  let before: RunRecord | null = null;
  return await withProgress(io, options, (say) =>
    watchReplay(options, io, say, async (watched) => {
      if (watched.kind === 'refused') {
        reportFailure(watched.error, io.stderr, '');
        return;
      }
      const record = withGates(watched.replayed.record, requirements);
      io.stdout.write(renderWatched(record, before, { color: io.stdout.color, ms: watched.ms }));
      before = record;
      await writeReports(record, { ...options, reports, quiet: true }, io, () =>
        readTraces(source, record, { rules, placeholders: placeholderValues(options) }),
      );
    }),
  );
}
