// `atomclock run --watch` on content that somebody writes: each edit is run or judged, and what it changed is shown.

import { ownPaths } from '../main/request.ts';
import { watchRun } from '../main/run-watch.ts';
import { readTraces } from '../main/traces.ts';
import { withGates } from '../model/gates.ts';
import type { RunRecord } from '../model/run-record.ts';
import { someNames } from '../model/some-names.ts';
import { renderWatched } from '../report/watched.ts';
import { usageError } from './arguments.ts';
import { reportFailure } from './failure.ts';
import type { Io } from './io.ts';
import type { RunOptions } from './options.ts';
import { withWatch } from './watch.ts';
import { writeReports } from './write-reports.ts';

type WatchedOptions = Omit<RunOptions, 'repeat'>;

/** Whether a run goes on when it is over: one that is watched, of content that can be edited. */
export const awaitsEdits = (options: WatchedOptions): boolean =>
  options.watch === 'watch' && options.resume === undefined && ownPaths(options).length > 0;

/** Ends by a signal alone, or where the lab cannot run or nothing can be watched. */
export async function watchRunCommand(options: WatchedOptions, io: Io): Promise<never> {
  const document = options.reports.find(({ format, file }) => file === null && format !== 'console');
  if (document) {
    const refusal = `--watch of your own content excludes ${document.format} on standard output: give reports a FILE`;
    throw usageError({ name: 'run' }, 'invalid-value', refusal);
  }
  const paths = someNames(ownPaths(options), 4);
  const wait = (): void => io.stderr.write(`Waiting for edits of ${paths}; Ctrl-C ends it.\n`);
  let before: RunRecord | null = null;
  return await withWatch(io, ({ show }) =>
    watchRun(options, io, show, async (watched) => {
      if (watched.kind === 'refused') {
        reportFailure(watched.error, io.stderr, '');
        wait();
        return;
      }
      const { run, ran, ms } = watched;
      const record = withGates(run.record, options.requirements);
      const isFirst = before === null;
      if (!isFirst) io.stdout.write(renderWatched(record, before, { color: io.stdout.color, ms, ran }));
      before = record;
      const reports = options.reports.filter(({ file }) => isFirst || file !== null);
      await writeReports(record, { ...options, reports, quiet: !isFirst }, io, () =>
        readTraces(run.folder, record),
      );
      if (isFirst) io.stderr.write(`Run kept in ${run.folder}\n`);
      if (run.loss) throw run.loss;
      wait();
    }),
  );
}
