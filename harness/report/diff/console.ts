// The comparison of two runs as text: what got worse first.

import { someNames } from '../../model/some-names.ts';
import { printable } from '../printable.ts';
import type { Report, ReporterSettings } from '../reporter.ts';
import { type Paint, painter, type Style, wrap } from '../table.ts';
import { type Alone, aloneText, type Change, comparisonLine, type Diff, othersOf } from './comparison.ts';

/** What only one of the runs has is a line for each kind, however much that is; the other formats have its names. */
export function renderDiff(diff: Diff, { color, columns }: ReporterSettings): Report {
  const paint = painter(color);
  const { changed, alone } = othersOf(diff);
  const rows = (changes: readonly Change[]) =>
    changes.flatMap((change) => changeLines(change, columns, paint));
  const lines = [
    ...section('Worse', 'red', rows(diff.worse), paint),
    ...section('Better', 'green', rows(diff.better), paint),
    ...section('Changed', 'yellow', rows(changed), paint),
    ...section(
      'Only in one run',
      'dim',
      alone.flatMap((each) => hanging(aloneLine(each), columns)),
      paint,
    ),
    ...wrap(comparisonLine(diff), columns),
  ];
  return { output: `${lines.join('\n')}\n` };
}

const section = (title: string, style: Style, rows: readonly string[], paint: Paint): string[] =>
  rows.length === 0 ? [] : [paint(style, title), ...rows, ''];

const changeLines = ({ about, id, what, because }: Change, columns: number, paint: Paint): string[] => [
  ...hanging(`${about} ${id}: ${what}`, columns),
  ...because.flatMap((reason) =>
    wrap(printable(reason), columns - 6).map((line) => `      ${paint('dim', line)}`),
  ),
];

const hanging = (text: string, columns: number): string[] =>
  wrap(printable(text), columns - 4).map((line, index) => `  ${index > 0 ? '  ' : ''}${line}`);

const namesInLine = 4;

const aloneLine = (alone: Alone): string =>
  `${aloneText(alone)}: ${someNames(
    alone.changes.map(({ id }) => id),
    namesInLine,
  )}`;
