// Workflow commands of GitHub Actions, which its runner turns into annotations: escaped, and as many as it shows.

import { someNames } from '../model/some-names.ts';
import { annotationMessageBytes, annotationsOfType, annotationTitleCharacters } from './github-limits.ts';
import type { TextPlace } from './place.ts';
import { printable } from './printable.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** Where in the reader's repository; nowhere, it stands on the run's page. */
  readonly place?: TextPlace;
}

/**
 * One command a line, by level; ten of a type are shown.
 * @source GitHub Docs, workflow commands: setting an error, a warning, a notice message
 */
export function workflowCommands(annotations: readonly Annotation[]): string {
  const lines = (['error', 'warning', 'notice'] as const).flatMap((level) =>
    fitting(annotations.filter((each) => each.level === level)).map(command),
  );
  return `${lines.join('\n')}\n`;
}

/** As many as a message names. */
export const namesInMessage = 50;

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
