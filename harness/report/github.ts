// For GitHub Actions: annotations at the content that has to change, and a summary for the job's page.

import type { RunRecord } from '../model/run-record.ts';
import { someNames } from '../model/some-names.ts';
import { type Annotation, namesInMessage, workflowCommands } from './annotations.ts';
import { coverageOf } from './coverage.ts';
import { type Finding, findingsOf, type Severity } from './findings.ts';
import { jobSummaryOf } from './markdown.ts';
import { printable, printableLines } from './printable.ts';
import type { Report } from './reporter.ts';
import { verdictLine } from './summary-line.ts';
import { painter } from './table.ts';

/** What is not as expected as errors, what nobody saw and noise as warnings. */
export function renderGithub(record: RunRecord): Report {
  const output = workflowCommands([
    ...blindSpots(record),
    ...findingsOf(record).map(annotationOf),
    { level: 'notice', title: 'Atomclock', message: verdictLine(record, painter(false)) },
  ]);
  return { output, jobSummary: jobSummaryOf(record) };
}

/** One for each technique that has any, however many attacks that are. */
const blindSpots = (record: RunRecord): Annotation[] =>
  coverageOf(record).flatMap(({ technique, unseen, executed }) =>
    unseen.length > 0
      ? [
          {
            level: 'warning',
            title: `unseen: ${unseen.length} of ${executed} executed attacks of ${technique}`,
            message: printable(`no rule saw ${someNames(unseen, namesInMessage)}`),
          },
        ]
      : [],
  );

/** A file of atomclock's own is none of this repository. */
const annotationOf = ({ severity, about, id, place, bundled, reasons }: Finding): Annotation => ({
  level: levels[severity],
  title: `${severity}: ${about} ${id}`,
  message: reasons.map(printableLines).join('\n'),
  ...(!bundled && { place }),
});

const levels = {
  fail: 'error',
  error: 'error',
  unusable: 'error',
  noise: 'warning',
} as const satisfies Record<Severity, Annotation['level']>;
