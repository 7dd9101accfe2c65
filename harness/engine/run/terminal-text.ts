// What a terminal showed, as text: the lines as they stood in the end, without the sequences that drew them.

import { stripVTControlCharacters } from 'node:util';

/** More than this of one session is not kept. */
const mostCharacters = 512 * 1024;

/** Takes what a process prints on a terminal, in pieces. */
export class TerminalText {
  readonly #decoder = new TextDecoder();
  readonly #columns: number;
  #text = '';
  #left = 0;

  /** @param columns of the terminal: a longer line goes on in the next row */
  constructor(columns: number) {
    this.#columns = columns;
  }

  push(bytes: Uint8Array): void {
    const more = this.#decoder.decode(bytes, { stream: true });
    const kept = more.slice(0, Math.max(0, mostCharacters - this.#text.length));
    this.#text += kept;
    this.#left += more.length - kept.length;
  }

  /** The text so far; a last line says so where something was left out. */
  text(): string {
    const lines = stripVTControlCharacters(this.#text)
      .split('\n')
      .map((line) => asItStood(line, this.#columns))
      .join('\n');
    return this.#left === 0 ? lines : `${lines}\n[cut: ${this.#left} more characters]\n`;
  }
}

/** A line after its carriage returns and backspaces; other control characters show nothing. */
function asItStood(line: string, columns: number): string {
  const shown: string[] = [];
  let at = 0;
  /** Where the row begins that the cursor is in. */
  let row = 0;
  for (const character of line) {
    if (character === '\r') at = row;
    else if (character === '\b') at = Math.max(row, at - 1);
    else if (character === '\t' || !/\p{Cc}/u.test(character)) {
      if (at === row + columns) row = at;
      shown[at] = character;
      at += 1;
    }
  }
  return shown.join('').trimEnd();
}
