// Where the keys of a TOML file stand, and where each character of a string came from: the TOML reader gives values
// without places. Only for text that the TOML reader has accepted, so it can afford to be brief.

export interface TomlMap {
  /** Offset of the value behind a key, by dotted path: `rule.query`. Keys of repeated tables: the first of them. */
  readonly values: ReadonlyMap<string, number>;
  /** Offset of the first header of each table: `rule.threat`. */
  readonly tables: ReadonlyMap<string, number>;
}

/** Finds the keys and tables of a TOML text. */
export function mapToml(text: string): TomlMap {
  const values = new Map<string, number>();
  const tables = new Map<string, number>();
  let table = '';
  let at = skipBlank(text, 0);
  while (at < text.length) {
    if (text[at] === '[') {
      const end = endOfHeader(text, at);
      table = pathOf(text.slice(at, end).replace(/^\[+|\]+$/g, ''));
      if (!tables.has(table)) tables.set(table, at);
      at = skipBlank(text, end);
      continue;
    }
    const equals = endOfKey(text, at);
    const key = pathOf(text.slice(at, equals));
    const value = skipSpaces(text, equals + 1);
    const path = table === '' ? key : `${table}.${key}`;
    if (!values.has(path)) values.set(path, value);
    at = skipBlank(text, endOfValue(text, value));
  }
  return { values, tables };
}

/**
 * For the string that starts at the offset: where each of its characters stands, and one more for its end.
 * Undefined where no string starts.
 */
export function stringOffsets(text: string, start: number): { value: string; offsets: number[] } | undefined {
  const quotes = quotesAt(text, start);
  if (quotes === undefined) return undefined;
  const end = endOfString(text, start, quotes) - quotes.length;
  let at = start + quotes.length;
  if (quotes.length === 3) at += /^\r?\n/.exec(text.slice(at, at + 2))?.[0].length ?? 0;
  let value = '';
  const offsets: number[] = [];
  while (at < end) {
    const { character, length } = quotes.startsWith('"')
      ? readBasic(text, at)
      : { character: text[at] ?? '', length: 1 };
    for (let unit = 0; unit < character.length; unit++) offsets.push(at);
    value += character;
    at += length;
  }
  offsets.push(end);
  return { value, offsets };
}

/** One character of a basic string, its escape resolved; a backslash at the end of a line swallows white space. */
function readBasic(text: string, at: number): { character: string; length: number } {
  if (text[at] !== '\\') return { character: text[at] ?? '', length: 1 };
  const rest = text.slice(at, at + 11);
  const unicode = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))/.exec(rest);
  if (unicode) {
    const digits = unicode[1] ?? unicode[2] ?? unicode[3] ?? '';
    return { character: String.fromCodePoint(Number.parseInt(digits, 16)), length: unicode[0].length };
  }
  foldedLine.lastIndex = at;
  const folded = foldedLine.exec(text);
  if (folded) return { character: '', length: folded[0].length };
  return { character: escapes[text[at + 1] ?? ''] ?? text[at + 1] ?? '', length: 2 };
}

const foldedLine = /\\[ \t]*\r?\n\s*/y;

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  e: '\u001b',
};

/** `threat."technique"` as `threat.technique`. */
const pathOf = (written: string): string =>
  written
    .split('.')
    .map((part) => part.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .join('.');

const quotesAt = (text: string, at: number): string | undefined =>
  ['"""', "'''", '"', "'"].find((quotes) => text.startsWith(quotes, at));

/** Behind the closing quotes. Up to two quotes right before the closing three belong to the string. */
function endOfString(text: string, start: number, quotes: string): number {
  const escaping = quotes.startsWith('"');
  for (let at = start + quotes.length; at < text.length; at++) {
    if (escaping && text[at] === '\\') at++;
    else if (text.startsWith(quotes, at)) {
      let end = at + quotes.length;
      while (quotes.length === 3 && text[end] === quotes[0]) end++;
      return end;
    }
  }
  return text.length;
}

function endOfHeader(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const quotes = quotesAt(text, at);
    if (quotes) at = endOfString(text, at, quotes) - 1;
    else if (text[at] === '\n' || text[at] === '#') return text.slice(0, at).trimEnd().length;
  }
  return text.trimEnd().length;
}

function endOfKey(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const quotes = quotesAt(text, at);
    if (quotes) at = endOfString(text, at, quotes) - 1;
    else if (text[at] === '=') return at;
  }
  return text.length;
}

/** Behind a value: a string, an array or an inline table with all that is in it, or a word. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const quotes = quotesAt(text, at);
    const character = text[at] ?? '';
    if (quotes) at = endOfString(text, at, quotes) - 1;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    else if (character === '#') at = endOfLine(text, at) - 1;
    else if (character === '\n' && depth === 0) return at;
  }
  return text.length;
}

function skipBlank(text: string, start: number): number {
  let at = start;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    if (text[at] !== '#') return at;
    at = endOfLine(text, at);
  }
}

function skipSpaces(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}
