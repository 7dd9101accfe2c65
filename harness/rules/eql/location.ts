// A text and where it stands: offsets into a query become places in the file that a person can open.

import type { Place } from '../../model/place.ts';

/** Text to parse. Offsets are UTF-16 code units from 0. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** The place of an offset in the file. */
  place(offset: number): Place;
  /** The line of the file that holds the offset, for the caret. */
  lineAt(offset: number): string;
}

/** What a node or a token covers; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A whole file (or text without a file, under a name such as `<query>`) as a source. */
export function fileSource(file: string, text: string): Source {
  const starts = lineStarts(text);
  return {
    file,
    text,
    place(offset) {
      const line = lineOf(starts, offset);
      return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
    },
    lineAt(offset) {
      const line = lineOf(starts, offset);
      return text.slice(starts[line], starts[line + 1]).replace(/\r?\n$/, '');
    },
  };
}

/** A text found inside of another, such as a query in a TOML string; `offsets[i]` is where its character i stands there. */
export function excerptSource(outer: Source, text: string, offsets: readonly number[]): Source {
  const last = offsets.at(-1) ?? 0;
  const outside = (offset: number) => offsets[offset] ?? last;
  return {
    file: outer.file,
    text,
    place: (offset) => outer.place(outside(offset)),
    lineAt: (offset) => outer.lineAt(outside(offset)),
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the line that holds the offset: the last start that is not after it. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
