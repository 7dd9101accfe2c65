// `atomclock run --repeat N`: the same run N times, and which of its cases did not always come out the same.

import { join } from 'node:path';
import { repeatedRuns } from '../../main/repeated.ts';
import { type ExitCode, exitCodes } from '../../model/errors.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formats } from '../../report/formats.ts';
import { verdictLine } from '../../report/summary-line.ts';
import { painter } from '../../report/table.ts';
import type { CommandResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { RunOptions } from '../options.ts';

/** Runs once in the folder given; the last time it reports as well. */
type OneRun = (out: string, isLast: boolean) => Promise<CommandResult & { readonly record: RunRecord }>;

/**
 * Runs as often as asked, one after the other, each in a folder 1, 2, … of the one that is asked for, and says what was
 * not always the same: on standard output, or on standard error where a document has that for itself.
 * @returns exit 2 or 3 where some run ended so, else 1 where one failed or a case was not always the same
 */
export async function repeatRun(
  { out, quiet, reports }: Pick<RunOptions, 'out' | 'quiet' | 'reports'>,
  times: number,
  io: Pick<Io, 'stdout' | 'stderr'>,
  oneRun: OneRun,
): Promise<CommandResult> {
  const folder = out ?? join('runs', `repeat-${new Date().toISOString().slice(0, 19).replace(/\D/g, '')}`);
  const records: RunRecord[] = [];
  const codes = new Set<ExitCode>();
  for (let at = 1; at <= times; at++) {
    const { record, exitCode } = await oneRun(join(folder, `${at}`), at === times);
    records.push(record);
    codes.add(exitCode);
    if (!quiet) io.stderr.write(`Run ${at} of ${times}: ${verdictLine(record, painter(io.stderr.color))}\n`);
  }
  const { isSteady, text } = repeatedRuns(records);
  if (!isSteady) codes.add(exitCodes.expectationFailed);
  const hasDocument = reports.some(
    ({ format, file }) => file === null && formats[format].kind === 'document',
  );
  if (!quiet) io[hasDocument ? 'stderr' : 'stdout'].write(text);
  const worst = [exitCodes.badInput, exitCodes.labUnavailable, exitCodes.expectationFailed];
  return { exitCode: worst.find((code) => codes.has(code)) ?? exitCodes.asExpected };
}
