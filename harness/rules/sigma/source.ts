// A rule file as text with places in it, and the complaints collected about it.

import type { Problem } from '../../model/errors.ts';
import type { Place } from '../../model/place.ts';

/** The text of one rule file; line starts are kept so that places are cheap. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

export function sourceOf(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

/** The place of an offset (from 0) in the file. */
export function placeIn({ file, lineStarts }: Source, offset: number): Place {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file, line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Everything found wrong with one file so far; parsing goes on where it can, so that all of it is told at once. */
export interface Complaints {
  readonly problems: readonly Problem[];
  /** Gives undefined, so that a parser can complain and give up in one statement. */
  error(code: string, place: Place, message: string, hint?: string): undefined;
  warning(code: string, place: Place, message: string, hint?: string): undefined;
}

/** `code` is completed to `sigma/<code>`. */
export function complaintsAbout(source: Source): Complaints {
  const problems: Problem[] = [];
  const add =
    (severity: Problem['severity']) => (code: string, place: Place, message: string, hint?: string) => {
      const sourceLine = lineOf(source, place);
      problems.push({
        code: `sigma/${code}`,
        message,
        place,
        severity,
        ...(sourceLine === undefined ? {} : { sourceLine }),
        ...(hint === undefined ? {} : { hint }),
      });
      return undefined;
    };
  return { problems, error: add('error'), warning: add('warning') };
}

/** Long lines are cut a little after the caret; where that stands far out, the place alone must do. */
function lineOf({ text, lineStarts }: Source, { line, column }: Place): string | undefined {
  if (column > 500) return undefined;
  const start = lineStarts[line - 1] ?? 0;
  const end = (lineStarts[line] ?? text.length + 1) - 1;
  return text.slice(start, Math.min(end, start + column + 200)).replace(/\r$/, '');
}

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');
