// String literals: what stands between the quotes, with its escapes resolved as Elasticsearch does.

import type { Source } from '../../model/source.ts';
import { refuse } from './problem.ts';
import type { Span } from './span.ts';

/** A string as written, and what it means. */
export interface StringLiteralText extends Span {
  readonly value: string;
}

/**
 * Reads the string literal that starts at the offset: `"…"` with escapes, or `"""…"""` without.
 * Throws ContentError for one that is not closed, and for quotes that only Endgame's EQL had.
 */
export function readString(source: Source, start: number): StringLiteralText {
  const { text } = source;
  if (text.startsWith('"""', start)) return readRaw(source, start);
  return readEscaped(source, start);
}

/** Refuses `'…'`, `?"…"` and `?'…'` by name. */
export function refuseOldQuotes(source: Source, start: number): never {
  if (source.text[start] === '?') {
    refuse(source, start, {
      code: 'old-raw-string',
      message: `raw strings written ?${source.text[start + 1]}…${source.text[start + 1]} belong to Endgame's EQL`,
      hint: 'Write the raw string between three double quotes: """…""".',
    });
  }
  refuse(source, start, {
    code: 'single-quoted-string',
    message: 'expected a string between double quotes, found a single quote',
    hint: `Single-quoted strings belong to Endgame's EQL; write "…".`,
  });
}

/** Ends at the first three quotes; up to two more quotes right after them belong to the string. */
function readRaw(source: Source, start: number): StringLiteralText {
  const { text } = source;
  let close = text.indexOf('"""', start + 3);
  if (close < 0 || /[\r\n]/.test(text.slice(start, close))) {
    refuse(source, start, {
      code: 'unterminated-string',
      message: 'expected """ to end the raw string on the same line',
    });
  }
  for (let extra = 0; extra < 2 && text[close + 3] === '"'; extra++) close++;
  return { start, end: close + 3, value: text.slice(start + 3, close) };
}

function readEscaped(source: Source, start: number): StringLiteralText {
  const { text } = source;
  let value = '';
  let at = start + 1;
  for (;;) {
    const character = text[at];
    if (character === undefined || character === '\n' || character === '\r') {
      refuse(source, start, {
        code: 'unterminated-string',
        message: 'expected " to end the string on the same line',
        hint: 'A line break inside of a string is written \\n.',
      });
    }
    if (character === '"') return { start, end: at + 1, value };
    if (character !== '\\') {
      value += character;
      at++;
      continue;
    }
    const escaped = readEscape(source, at);
    value += escaped.value;
    at = escaped.end;
  }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

function readEscape(source: Source, start: number): StringLiteralText {
  const letter = source.text[start + 1] ?? '';
  if (letter === 'u') return readUnicodeEscape(source, start);
  const value = simpleEscapes[letter];
  if (value === undefined) {
    refuse(source, start, {
      code: 'unknown-escape',
      message: `expected one of \\b \\t \\n \\f \\r \\" \\' \\\\ \\u{…}, found \\${letter}`,
      hint: 'Double the backslash to mean a backslash, or use a raw string: """…""".',
    });
  }
  return { start, end: start + 2, value };
}

function readUnicodeEscape(source: Source, start: number): StringLiteralText {
  const [whole, digits = ''] = /^\\u\{([0-9a-f]*)\}/i.exec(source.text.slice(start, start + 32)) ?? [];
  const code = Number.parseInt(digits, 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (whole === undefined || digits.length < 2 || digits.length > 8 || code > 0x10ffff || isSurrogate) {
    refuse(source, start, {
      code: 'bad-unicode-escape',
      message: 'expected \\u{…} with 2 to 8 hexadecimal digits that name a Unicode character',
    });
  }
  return { start, end: start + whole.length, value: String.fromCodePoint(code) };
}
