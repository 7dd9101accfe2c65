// One text and where it stands: offsets become places that a person can open, problems get the line for their caret.

import type { Problem } from './errors.ts';
import type { Place } from './place.ts';

/** Text to read. Offsets are UTF-16 code units from 0. */
export interface Source {
  /** As shown to the user; `<query>` and the like for text that has no file. */
  readonly file: string;
  readonly text: string;
  /** The place of an offset in the file. */
  place(offset: number): Place;
  /** A line of the file, from 1; undefined where it has none. */
  line(number: number): string | undefined;
}

/** What a problem says, apart from where; an error unless it says otherwise. */
export type ProblemText = Pick<Problem, 'code' | 'message'> & Partial<Pick<Problem, 'hint' | 'severity'>>;

/** A whole file (or text without a file). Its lines are found once, when the first of them is asked for. */
export function sourceOf(file: string, text: string): Source {
  let found: readonly number[] | undefined;
  const starts = (): readonly number[] => {
    found ??= lineStarts(text);
    return found;
  };
  return {
    file,
    text,
    place(offset) {
      const line = lineHolding(starts(), offset);
      return { file, line: line + 1, column: offset - (starts()[line] ?? 0) + 1 };
    },
    line(number) {
      const start = starts()[number - 1];
      return start === undefined ? undefined : text.slice(start, starts()[number]).replace(/\r?\n$/, '');
    },
  };
}

/** A text found inside of another, such as a query in a TOML string; `offsets[i]` is where its character i stands there. */
export function excerptOf(outer: Source, text: string, offsets: readonly number[]): Source {
  const last = offsets.at(-1) ?? 0;
  return {
    file: outer.file,
    text,
    place: (offset) => outer.place(offsets[offset] ?? last),
    line: (number) => outer.line(number),
  };
}

/** A problem at an offset of a source; one behind its end stands in the last line. */
export const problemAt = (source: Source, offset: number, text: ProblemText): Problem =>
  problemIn(source, source.place(offset), text);

/**
 * A problem at a place of a source, with its line for the caret, made safe to show.
 * @param source undefined where the text is not at hand: the place alone must do then
 */
export function problemIn(source: Source | undefined, place: Place, text: ProblemText): Problem {
  const { code, message, severity = 'error', hint } = text;
  const line = source?.line(place.line);
  const sourceLine = line === undefined ? undefined : caretLine(line, place.column);
  return {
    code,
    message: withoutControls(message),
    place,
    severity,
    ...(sourceLine !== undefined && { sourceLine }),
    ...(hint !== undefined && { hint: withoutControls(hint) }),
  };
}

/** A long line is cut a little after the caret; where the caret itself would be off the screen, the place must do. */
function caretLine(line: string, column: number): string | undefined {
  if (column > widestCaret) return undefined;
  return withoutControls(line.slice(0, column + shownBehindCaret));
}

const widestCaret = 200;
const shownBehindCaret = 200;

/** Control characters would let a file write to the reader's terminal; a line keeps its width. */
const withoutControls = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the line that holds the offset: the last start that is not after it. */
function lineHolding(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
