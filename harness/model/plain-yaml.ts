// Reads the plain part of YAML that people write rules and atomics in, fifty times faster than a parser of all of YAML:
// block mappings and lists, literal blocks, scalars and flow collections of one line. Of anything else it says that it is
// not plain; it never guesses, so that who asks a full parser then gets the same.

/** Where a node stands: offsets of its first character and of that behind its last, UTF-16 code units. */
type Range = readonly [start: number, end: number];

export interface PlainScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As written, quotes and escapes undone. */
  readonly source: string;
  readonly type: 'PLAIN' | 'QUOTE_SINGLE' | 'QUOTE_DOUBLE' | 'BLOCK_LITERAL';
  readonly range: Range;
}

type PlainKey = PlainScalar & { readonly value: string };

interface PlainEntry {
  readonly key: PlainKey;
  readonly value: PlainNode;
}

export interface PlainMap {
  readonly kind: 'map';
  readonly isFlow: boolean;
  /** No key occurs twice. */
  readonly entries: readonly PlainEntry[];
  readonly range: Range;
}

export interface PlainList {
  readonly kind: 'list';
  readonly isFlow: boolean;
  readonly items: readonly PlainNode[];
  readonly range: Range;
}

export type PlainNode = PlainMap | PlainList | PlainScalar;

/**
 * Reads one document, a mapping or a list.
 * @param text with or without `---` before it
 * @returns undefined when anything in it is not plain, which includes all that is not well-formed
 * @source YAML 1.2.2, chapters 7 and 8, and the core schema of chapter 10.3
 */
export function readPlainYaml(text: string): PlainNode | undefined {
  if (unusual.test(text)) return undefined;
  const begin = /^---[ ]*(?:\n|$)/.exec(text)?.[0].length ?? 0;
  return new PlainReader(text, begin).document();
}

/** What editors leave out and no content needs; of tabs, those in literal blocks alone are let through. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const unusual = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

/** Content nests some eight levels deep. */
const mostLevels = 24;

class PlainReader {
  readonly #text: string;
  /** The next character to read. */
  #at: number;
  /** Where its line begins. */
  #lineStart: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
    this.#lineStart = at;
  }

  document(): PlainNode | undefined {
    if (!this.#skipToContent() || this.#column() !== 0 || this.#isAtEnd()) return undefined;
    const node = this.#block(0);
    return node !== undefined && this.#isAtEnd() ? node : undefined;
  }

  #column(): number {
    return this.#at - this.#lineStart;
  }

  #isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** From the start of a line to the next character that is neither blank nor in a comment; false: a tab is in the way. */
  #skipToContent(): boolean {
    blankLines.lastIndex = this.#at;
    blankLines.exec(this.#text);
    this.#at = blankLines.lastIndex;
    this.#lineStart = this.#text.lastIndexOf('\n', this.#at - 1) + 1;
    return this.#text[this.#at] !== '\t';
  }

  /** A mapping or a list whose first character is the next, and whose others begin in the same column. */
  #block(level: number): PlainNode | undefined {
    if (level > mostLevels) return undefined;
    if (this.#isItem()) return this.#list(level);
    return this.#map(level);
  }

  #isItem(): boolean {
    return this.#text[this.#at] === '-' && isBlank(this.#text[this.#at + 1]);
  }

  #list(level: number): PlainList | undefined {
    const start = this.#at;
    const column = this.#column();
    const items: PlainNode[] = [];
    while (!this.#isAtEnd() && this.#column() === column && this.#isItem()) {
      spaces.lastIndex = this.#at + 1;
      spaces.exec(this.#text);
      this.#at = spaces.lastIndex;
      const item = this.#isItem() || this.#isKey() ? this.#block(level + 1) : this.#value(column);
      if (item === undefined) return undefined;
      items.push(item);
    }
    if (this.#column() > column && !this.#isAtEnd()) return undefined;
    return { kind: 'list', isFlow: false, items, range: [start, this.#at] };
  }

  #map(level: number): PlainMap | undefined {
    const start = this.#at;
    const column = this.#column();
    const entries: PlainEntry[] = [];
    const seen = new Set<string>();
    while (!this.#isAtEnd() && this.#column() === column && !this.#isItem()) {
      const key = this.#key();
      if (key === undefined || seen.has(key.value)) return undefined;
      seen.add(key.value);
      const value = this.#entryValue(column, level);
      if (value === undefined) return undefined;
      entries.push({ key, value });
    }
    if (this.#column() > column && !this.#isAtEnd()) return undefined;
    return { kind: 'map', isFlow: false, entries, range: [start, this.#at] };
  }

  #isKey(): boolean {
    keyWithColon.lastIndex = this.#at;
    return keyWithColon.test(this.#text);
  }

  /** The key, with its colon and the blanks behind it. */
  #key(): PlainKey | undefined {
    keyWithColon.lastIndex = this.#at;
    const match = keyWithColon.exec(this.#text);
    if (match === null) return undefined;
    const start = this.#at;
    this.#at += match[0].length;
    const [, plain, single, double] = match;
    return keyOf(start, plain, single, double);
  }

  /** What stands behind a key of a block mapping: on the same line, or below it. */
  #entryValue(column: number, level: number): PlainNode | undefined {
    const here = this.#text[this.#at];
    if (here !== '\n' && here !== '#' && here !== undefined) return this.#value(column);
    if (!this.#endLine() || this.#isAtEnd()) return undefined;
    const below = this.#column();
    // A list may begin in the column of its key.
    return below > column || (below === column && this.#isItem()) ? this.#block(level + 1) : undefined;
  }

  /** A value on the line of its key or hyphen, and the rest of that line; `column` is that of what it belongs to. */
  #value(column: number): PlainNode | undefined {
    const first = this.#text[this.#at];
    if (first === '|') return this.#literal(column);
    const value =
      first === '[' || first === '{' ? this.#flow(0) : (this.#quoted() ?? this.#plain(plainScalar));
    if (value === undefined || !this.#endLine()) return undefined;
    // What is indented more goes on with the value.
    return this.#column() > column && !this.#isAtEnd() ? undefined : value;
  }

  /** The rest of a line has nothing but a comment; goes to what follows it. */
  #endLine(): boolean {
    restOfLine.lastIndex = this.#at;
    if (!restOfLine.test(this.#text)) return false;
    this.#at = restOfLine.lastIndex;
    return this.#skipToContent();
  }

  #quoted(): PlainScalar | undefined {
    quotedScalar.lastIndex = this.#at;
    const match = quotedScalar.exec(this.#text);
    if (match === null) return undefined;
    const start = this.#at;
    this.#at = quotedScalar.lastIndex;
    const [, single, double] = match;
    return quotedOf([start, this.#at], single, double);
  }

  #plain(form: RegExp): PlainScalar | undefined {
    form.lastIndex = this.#at;
    const match = form.exec(this.#text);
    if (match === null) return undefined;
    const [source] = match;
    const start = this.#at;
    this.#at += source.length;
    const value = plainValue(source);
    return value === undefined
      ? undefined
      : { kind: 'scalar', value, source, type: 'PLAIN', range: [start, this.#at] };
  }

  /** A flow collection on one line. */
  #flow(level: number): PlainNode | undefined {
    if (level > mostLevels) return undefined;
    return this.#text[this.#at] === '[' ? this.#flowList(level) : this.#flowMap(level);
  }

  #flowList(level: number): PlainList | undefined {
    const start = this.#at;
    const items: PlainNode[] = [];
    const isRead = this.#flowParts(']', () => {
      const item = this.#flowValue(level);
      if (item !== undefined) items.push(item);
      return item !== undefined;
    });
    return isRead ? { kind: 'list', isFlow: true, items, range: [start, this.#at] } : undefined;
  }

  #flowMap(level: number): PlainMap | undefined {
    const start = this.#at;
    const entries: PlainEntry[] = [];
    const seen = new Set<string>();
    const isRead = this.#flowParts('}', () => {
      const key = this.#key();
      const value = key === undefined || seen.has(key.value) ? undefined : this.#flowValue(level);
      if (key === undefined || value === undefined) return false;
      seen.add(key.value);
      entries.push({ key, value });
      return true;
    });
    return isRead ? { kind: 'map', isFlow: true, entries, range: [start, this.#at] } : undefined;
  }

  /** Bracket, parts with a comma between each two, bracket; `readPart` says whether there was one. */
  #flowParts(close: ']' | '}', readPart: () => boolean): boolean {
    this.#skip(this.#at + 1);
    for (let isFirst = true; !(isFirst && this.#text[this.#at] === close); isFirst = false) {
      if (!readPart()) return false;
      this.#skip(this.#at);
      if (this.#text[this.#at] === close) break;
      if (this.#text[this.#at] !== ',') return false;
      this.#skip(this.#at + 1);
    }
    this.#at += 1;
    return true;
  }

  #flowValue(level: number): PlainNode | undefined {
    const first = this.#text[this.#at];
    if (first === '[' || first === '{') return this.#flow(level + 1);
    return this.#quoted() ?? this.#plain(plainScalarInFlow);
  }

  /** Goes to the first character from here that is no space. */
  #skip(from: number): void {
    spaces.lastIndex = from;
    spaces.exec(this.#text);
    this.#at = spaces.lastIndex;
  }

  /** `|` and `|-`: the lines below that are indented more than what the block belongs to. */
  #literal(column: number): PlainScalar | undefined {
    const start = this.#at;
    literalHeader.lastIndex = start;
    const header = literalHeader.exec(this.#text);
    if (header === null) return undefined;
    const first = literalHeader.lastIndex;
    spaces.lastIndex = first;
    spaces.exec(this.#text);
    const indent = spaces.lastIndex - first;
    // An empty line, or no line: how many of its blanks count is not plain.
    if (indent <= column || isBlank(this.#text[spaces.lastIndex])) return undefined;
    const margin = ' '.repeat(indent);
    const lines: string[] = [];
    let at = first;
    let end = first;
    while (at < this.#text.length) {
      const newline = this.#text.indexOf('\n', at);
      const next = newline === -1 ? this.#text.length : newline;
      const isIndented = this.#text.startsWith(margin, at);
      const line = this.#text.slice(isIndented ? at + indent : at, next);
      const isEmpty = line.trim() === '';
      if (!isEmpty && !isIndented) break;
      // Blanks alone beyond the margin, and whether a last line without an end gets one, are not plain.
      if ((isEmpty && line !== '') || newline === -1) return undefined;
      lines.push(line);
      at = next + 1;
      if (!isEmpty) end = at;
    }
    const [, chomping] = header;
    const source = lines.join('\n').replace(/\n+$/, '') + (chomping === '-' ? '' : '\n');
    this.#at = at;
    if (!this.#skipToContent() || (this.#column() > column && !this.#isAtEnd())) return undefined;
    return { kind: 'scalar', value: source, source, type: 'BLOCK_LITERAL', range: [start, end] };
  }
}

const isBlank = (character: string | undefined): boolean =>
  character === ' ' || character === '\n' || character === undefined;

const spaces = / */y;
const blankLines = /(?: *(?:#[^\n]*)?\n)* *(?:#[^\n]*$)?/y;
/** A comment wants a blank before it. */
const restOfLine = / *(?:(?<= )#[^\n\t]*)?(?:\n|$)/y;
const literalHeader = /\|(-?) *\n/y;

/** A key in quotes, or one that begins with a letter, a digit or an underscore; then the colon and the blanks behind it. */
const keyWithColon =
  /(?:([A-Za-z0-9_](?:[\w.|*/-]|[ ]+(?=[\w.|*/-]))*)|'((?:[^'\n\t]|'')*)'|"([^"\\\n\t]*)"):(?:[ ]+|(?=\n)|$)/y;

const quotedScalar = /'((?:[^'\n\t]|'')*)'|"([^"\\\n\t]*)"/y;

/** To the end of the line or a comment; a colon is part of it where no blank follows. */
const plainScalar =
  /(?:[\w/.($~<=+^;\\\u00a1-\ud7ff]|-(?=[^\s,[\]{}]))(?:[^\s:#]|:(?=\S)|(?<=\S)#|[ ]+(?=[^\s#:]|:\S))*/y;
const plainScalarInFlow =
  /(?:[\w/.($~<=+^;\\\u00a1-\ud7ff]|-(?=\w))(?:[^\s:#,[\]{}]|:(?=[\w/])|[ ]+(?=[^\s:#,[\]{}]))*/y;

function keyOf(
  start: number,
  plain: string | undefined,
  single: string | undefined,
  double: string | undefined,
): PlainKey | undefined {
  if (plain !== undefined) {
    // Numbers, booleans and nulls are keys of another kind; the last is JavaScript's own.
    if (typeof plainValue(plain) !== 'string' || plain === '__proto__') return undefined;
    const range: Range = [start, start + plain.length];
    return { kind: 'scalar', value: plain, source: plain, type: 'PLAIN', range };
  }
  const source = (single?.replaceAll("''", "'") ?? double) as string;
  if (source === '__proto__') return undefined;
  const length = 2 + (single ?? double ?? '').length;
  const type = single === undefined ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
  return { kind: 'scalar', value: source, source, type, range: [start, start + length] };
}

function quotedOf(range: Range, single: string | undefined, double = ''): PlainScalar {
  const source = single?.replaceAll("''", "'") ?? double;
  const type = single === undefined ? 'QUOTE_DOUBLE' : 'QUOTE_SINGLE';
  return { kind: 'scalar', value: source, source, type, range };
}

/** What a scalar without quotes is by the core schema; undefined for numbers that are not written as JavaScript would. */
function plainValue(source: string): PlainScalar['value'] | undefined {
  if (/^(?:true|false)$/i.test(source)) {
    return /^(?:true|True|TRUE)$/.test(source)
      ? true
      : /^(?:false|False|FALSE)$/.test(source)
        ? false
        : source;
  }
  if (/^(?:~|null|Null|NULL)$/.test(source)) return null;
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(source)) return Number(source);
  return numberLike.test(source) ? undefined : source;
}

const numberLike =
  /^(?:[-+]?\.?\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?\d*)?|0[xXoObB][\da-fA-F_]*|[-+]?\.(?:inf|nan)|\.)$/i;
