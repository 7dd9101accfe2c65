// For GitHub Actions: annotations at the content that has to change, and a summary for the job's page.

import type { RunRecord } from '../model/run-record.ts';
import { coverageOf } from './coverage.ts';
import { type Finding, findingsOf, type Severity } from './findings.ts';
import { renderMarkdown } from './markdown.ts';
import { printable, printableLines } from './printable.ts';
import type { Report } from './reporter.ts';
import { verdictLine } from './summary-line.ts';
import { painter } from './table.ts';

/** Workflow commands, one a line; the runner turns them into annotations. */
export function renderGithub(record: RunRecord): Report {
  const verdict = verdictLine(record, painter(false));
  const commands = [
    ...findingsOf(record).map(annotation),
    ...blindSpots(record),
    command('notice', { title: 'Atomclock' }, verdict),
  ];
  return { output: `${commands.join('\n')}\n`, jobSummary: renderMarkdown(record).output };
}

/** One for each technique that has any, however many attacks that are: GitHub shows ten warnings of a step. */
const blindSpots = (record: RunRecord): string[] =>
  coverageOf(record).flatMap(({ technique, unseen, executed }) =>
    unseen.length > 0
      ? [
          command(
            'warning',
            { title: `unseen: ${unseen.length} of ${executed} executed attacks of ${technique}` },
            printable(`no rule saw ${unseen.join(', ')}`),
          ),
        ]
      : [],
  );

/** A file of atomclock's own is none of this repository: its finding stands on the run's page, at no file. */
function annotation({ severity, about, id, place, bundled, reasons }: Finding): string {
  const { file, line, column } = place;
  const properties = {
    title: `${severity}: ${about} ${id}`,
    ...(!bundled && { file, ...(line && { line, ...(column && { col: column }) }) }),
  };
  return command(levels[severity], properties, reasons.map(printableLines).join('\n'));
}

const levels = {
  fail: 'error',
  error: 'error',
  unusable: 'error',
  noise: 'warning',
} as const satisfies Record<Severity, string>;

const command = (
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string => {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(`${value}`)}`);
  return `::${name} ${list.join(',')}::${escapeData(message)}`;
};

/** The runner's own escapes; line breaks are the only control characters that printable text still has. */
const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string =>
  escapeData(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
