// For GitHub Actions: annotations at the content that has to change, and a summary for the job's page.

import type { RunRecord } from '../model/run-record.ts';
import { coverageOf } from './coverage.ts';
import { type Finding, findingsOf, type Severity } from './findings.ts';
import { annotationMessageBytes, annotationsOfType, annotationTitleCharacters } from './github-limits.ts';
import { jobSummaryOf } from './markdown.ts';
import { someNames } from './names.ts';
import type { TextPlace } from './place.ts';
import { printable, printableLines } from './printable.ts';
import type { Report } from './reporter.ts';
import { verdictLine } from './summary-line.ts';
import { painter } from './table.ts';

/** Workflow commands, one a line; the runner turns them into annotations, and shows ten of a type. */
export function renderGithub(record: RunRecord): Report {
  const findings = findingsOf(record).map(annotationOf);
  const commands = [
    ...fitting(findings.filter(({ level }) => level === 'error')),
    ...fitting([...blindSpots(record), ...findings.filter(({ level }) => level === 'warning')]),
    { level: 'notice', title: 'Atomclock', message: verdictLine(record, painter(false)) } as const,
  ].map(command);
  return { output: `${commands.join('\n')}\n`, jobSummary: jobSummaryOf(record) };
}

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** Where in the reader's repository; nowhere, it stands on the run's page. */
  readonly place?: TextPlace;
}

/**
 * As many of one type as are shown. Of more, those at a file of the reader's come first, and the last one names the
 * others: what GitHub drops, it drops without a word.
 */
function fitting(annotations: readonly Annotation[]): readonly Annotation[] {
  const [first] = annotations;
  if (!first || annotations.length <= annotationsOfType) return annotations;
  const { placed = [], elsewhere = [] } = Object.groupBy(annotations, ({ place }) =>
    place ? 'placed' : 'elsewhere',
  );
  const ordered = [...placed, ...elsewhere];
  const rest = ordered.slice(annotationsOfType - 1);
  const message = `The job's summary has them all: ${someNames(
    rest.map(({ title }) => printable(title)),
    namesInMessage,
  )}`;
  return [
    ...ordered.slice(0, annotationsOfType - 1),
    { level: first.level, title: `and ${rest.length} more`, message },
  ];
}

const namesInMessage = 50;

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

function command({ level, title, message, place }: Annotation): string {
  const properties = {
    title: shortened(printable(title), annotationTitleCharacters, (text) => text.length),
    ...(place && {
      file: place.file,
      ...(place.line && { line: place.line, ...(place.column && { col: place.column }) }),
    }),
  };
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(`${value}`)}`);
  const text = shortened(message, annotationMessageBytes, (each) => Buffer.byteLength(each));
  return `::${level} ${list.join(',')}::${escapeData(text)}`;
}

/** Cut between characters where it is longer than is taken. */
function shortened(text: string, most: number, sizeOf: (text: string) => number): string {
  if (sizeOf(text) <= most) return text;
  const room = most - sizeOf('…');
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (sizeOf(text.slice(0, middle)) <= room) fits = middle;
    else tooLong = middle;
  }
  const cut = text.slice(0, fits);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}

/** The runner's own escapes; line breaks are the only control characters that printable text still has. */
const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string =>
  escapeData(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
