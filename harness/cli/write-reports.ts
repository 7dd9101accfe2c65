// A run or a comparison in the requested formats, each to its file or to standard output.

import { appendFile, writeFile } from 'node:fs/promises';
import { writingFile } from '../main/writing.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { RunTraces } from '../model/traces.ts';
import { type Format, formats, type ReportFormat } from '../report/formats.ts';
import type { Report, ReporterSettings } from '../report/reporter.ts';
import { reporters } from '../report/reporters.ts';
import { verdictLine } from '../report/summary-line.ts';
import { type Paint, painter } from '../report/table.ts';
import type { Io } from './io.ts';
import type { OutputOptions } from './options.ts';

/** Reads what the evidence shows beyond the record; asked only where some report shows it. */
export type ReadTraces = () => Promise<RunTraces | null>;

/**
 * Writes all reports of a run; see `writeRendered`.
 * @throws AtomclockError `output/unwritable`
 */
export async function writeReports(
  record: RunRecord,
  output: OutputOptions,
  io: Io,
  readTraces: ReadTraces = async () => null,
): Promise<void> {
  const traces = output.reports.some(({ format }) => showsTraces(format)) ? await readTraces() : null;
  await writeRendered(output, io, {
    render: (format, settings) => reporters[format].render(record, { ...settings, traces }),
    verdict: (paint) => verdictLine(record, paint),
  });
}

interface Rendering<F extends ReportFormat> {
  readonly render: (format: F, settings: ReporterSettings) => Report;
  /** What it all comes to, in a line. */
  readonly verdict: (paint: Paint) => string;
}

/**
 * Writes all reports, and on standard error the verdict where all of them go to files; a job summary goes to the file that GitHub names in GITHUB_STEP_SUMMARY.
 * @throws AtomclockError `output/unwritable`
 */
export async function writeRendered<F extends ReportFormat>(
  { reports, quiet }: OutputOptions<F>,
  io: Io,
  { render, verdict }: Rendering<F>,
): Promise<void> {
  for (const { format, file } of reports) {
    const settings = {
      color: file === null && io.stdout.color,
      columns: file === null ? io.stdout.columns : 100,
    };
    const { output, jobSummary } = render(format, settings);
    if (file === null) io.stdout.write(output);
    else await writingFile(file, () => writeFile(file, output));
    const summaryFile = io.env.GITHUB_STEP_SUMMARY;
    if (jobSummary && summaryFile) await writingFile(summaryFile, () => appendFile(summaryFile, jobSummary));
  }
  if (quiet || reports.some(({ file }) => file === null)) return;
  const files = reports.map(({ file }) => file).join(', ');
  io.stderr.write(`${verdict(painter(io.stderr.color))}; reports: ${files}\n`);
}

const showsTraces = (format: ReportFormat): boolean => {
  const row: Format = formats[format];
  return row.showsTraces === true;
};
