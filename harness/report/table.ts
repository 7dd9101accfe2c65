// Rows of cells → aligned lines of text that fit a width: the widest column that may shrink gives way first.

import { createRequire } from 'node:module';
import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** May be cut, with an ellipsis, down to this many columns of the terminal. */
  readonly shrinksTo?: number;
}

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export type Paint = (style: Style, text: string) => string;

/** Styles text where the reader's terminal shows colours. */
export const painter =
  (color: boolean): Paint =>
  (style, text) =>
    color ? styleText(style, text, { validateStream: false }) : text;

/**
 * Lays out a table.
 * @param rows cells by column; a text must be printable
 * @param width characters per line; columns that do not shrink may still exceed it
 */
export function layOut(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number,
  paint: Paint,
): string[] {
  const widths = widthsOf(columns, rows, width);
  const line = (cells: readonly Cell[]) =>
    columns
      .map((column, index) => {
        const { text, style } = cells[index] ?? { text: '' };
        const cut = ellipsis(text, widths[index] ?? 0);
        const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cut)));
        const painted = style && cut ? paint(style, cut) : cut;
        return column.align === 'right' ? padding + painted : painted + padding;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => ({ text: title, style: 'dim' }))), ...rows.map(line)].map(
    (text) => `  ${text}`,
  );
}

/** The text, cut with an ellipsis to as many columns of a terminal; between letters as a reader counts them. */
export function ellipsis(text: string, length: number): string {
  if (lengthOf(text) <= length) return text;
  let cut = '';
  if (isNarrow(text)) return `${text.slice(0, Math.max(0, length - 1))}…`;
  let width = 0;
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    width += lengthOf(segment);
    if (width > length - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/**
 * Words of a text on lines of a width. A longer word stays whole, so that it can be copied; what GitHub's runner would
 * take for a command never comes to the start of a line.
 */
export function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.trimEnd().split(/ (?!::|##\[)/)) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && lengthOf(last) + 1 + lengthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

/** In columns of a terminal: a wide character takes two, a combining mark none. */
const lengthOf = (text: string): number => (isNarrow(text) ? text.length : widthOf(text));

/** Letters of one column each: ASCII, and what this program itself says beyond it. */
const isNarrow = (text: string): boolean => /^[ -~…–→·]*$/.test(text);

/** Loaded for the first text that needs it: what it compiles at its start takes a fifth of the time of `--help`. */
function widthOf(text: string): number {
  measure ??= (createRequire(import.meta.url)('string-width') as typeof import('string-width')).default;
  return measure(text);
}

let measure: ((text: string) => number) | undefined;

function widthsOf(columns: readonly Column[], rows: readonly (readonly Cell[])[], width: number): number[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(lengthOf(title), ...rows.map((row) => lengthOf(row[index]?.text ?? ''))),
  );
  const indent = 2;
  const gaps = 2 * (columns.length - 1);
  let excess = widths.reduce((sum, each) => sum + each, indent + gaps) - width;
  while (excess > 0) {
    const widest = columns
      .map(({ shrinksTo }, index) => ({
        index,
        spare: shrinksTo === undefined ? 0 : (widths[index] ?? 0) - shrinksTo,
      }))
      .reduce((best, each) => (each.spare > best.spare ? each : best), { index: -1, spare: 0 });
    if (widest.index === -1) break;
    widths[widest.index] = (widths[widest.index] ?? 0) - 1;
    excess--;
  }
  return widths;
}
