// Places that a reader's tools can open, out of the text that carries them: `file:line:column`.

import type { Place } from '../model/place.ts';

/** A place as RunRecords write it; line and column are missing where only the file is known. */
export type TextPlace = Pick<Place, 'file'> & Partial<Pick<Place, 'line' | 'column'>>;

/** The place at the start of a text, when it is in this file; else the file as a whole. */
export const placeIn = (text: string, file: string): TextPlace =>
  (text.startsWith(`${file}:`) ? placeWithin(text, file) : undefined) ?? { file };

/** The first place in this file that a text names, wherever: `… (rules/cron.yml:10:32)`. */
export function placeWithin(text: string, file: string): TextPlace | undefined {
  for (let at = text.indexOf(`${file}:`); at >= 0; at = text.indexOf(`${file}:`, at + 1)) {
    // `my/cron.yml` is another file than `cron.yml`.
    if (/[^\s('"`]$/.test(text.slice(0, at))) continue;
    const [, line, column] = /^(\d{1,9})(?::(\d{1,9}))?\b/.exec(text.slice(at + file.length + 1)) ?? [];
    if (Number(line) > 0) {
      return { file, line: Number(line), ...(Number(column) > 0 && { column: Number(column) }) };
    }
  }
  return undefined;
}

/** As terminals and editors turn it into a link. */
export const placeText = ({ file, line, column }: TextPlace): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');
