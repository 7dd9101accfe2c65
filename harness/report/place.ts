// Places that a reader's tools can open, out of the text that carries them: `file:line:column: message`.

import type { Place } from '../model/place.ts';

/** A place as RunRecords write it; line and column are missing where only the file is known. */
export type TextPlace = Pick<Place, 'file'> & Partial<Pick<Place, 'line' | 'column'>>;

/** The place at the start of a text, when it is in this file; else the file as a whole. */
export function placeIn(text: string, file: string): TextPlace {
  if (!text.startsWith(`${file}:`)) return { file };
  const [, line, column] = /^(\d{1,9})(?::(\d{1,9}))?\b/.exec(text.slice(file.length + 1)) ?? [];
  return {
    file,
    ...(Number(line) > 0 && { line: Number(line) }),
    ...(Number(column) > 0 && { column: Number(column) }),
  };
}
