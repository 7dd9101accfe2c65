// Turns a query's text into tokens; comments and white space fall away.

import type { Source } from '../../model/source.ts';
import { maxQueryLength, maxTokens } from './limits.ts';
import { refuse } from './problem.ts';
import { readString, refuseOldQuotes } from './string-literal.ts';
import { type Keyword, keywords, punctuators, type Token } from './token.ts';

/**
 * All tokens of the source, the last one of kind `end`.
 * Throws ContentError at the first character that cannot be part of a query.
 */
export function lex(source: Source): readonly Token[] {
  if (source.text.length > maxQueryLength) {
    refuse(source, 0, { code: 'too-long', message: `expected at most ${maxQueryLength} characters` });
  }
  const tokens: Token[] = [];
  let at = skipBlank(source, source.text.startsWith(byteOrderMark) ? byteOrderMark.length : 0);
  while (at < source.text.length) {
    const token = readToken(source, at);
    if (tokens.push(token) >= maxTokens) {
      refuse(source, at, { code: 'too-long', message: `expected fewer than ${maxTokens} words and signs` });
    }
    at = skipBlank(source, token.end);
  }
  tokens.push({ kind: 'end', value: '', start: source.text.length, end: source.text.length });
  return tokens;
}

const byteOrderMark = '\ufeff';

function readToken(source: Source, start: number): Token {
  const character = source.text[start] ?? '';
  if (character === '"') return { kind: 'string', ...readString(source, start) };
  if (character === "'" || /^\?["']/.test(source.text.slice(start, start + 2)))
    refuseOldQuotes(source, start);
  if (character === '`') return readQuotedIdentifier(source, start);
  return (
    readNumber(source, start) ??
    readName(source, start) ??
    readPunctuator(source, start) ??
    refuseCharacter(source, start)
  );
}

const keywordSet: ReadonlySet<string> = new Set(keywords);
const isKeyword = (text: string): text is Keyword => keywordSet.has(text);

/** `@` needs no quoting, because of @timestamp; a name with `~` is a function that ignores case. */
function readName(source: Source, start: number): Token | undefined {
  const name = matchAt(source, start, /[A-Za-z_@][A-Za-z0-9_]*~?/y);
  if (name === undefined) return undefined;
  const end = start + name.length;
  if (isKeyword(name)) return { kind: 'keyword', value: name, start, end };
  if (!name.endsWith('~')) return { kind: 'identifier', value: name, start, end };
  return { kind: 'insensitive-name', value: name.slice(0, -1), start, end };
}

function readNumber(source: Source, start: number): Token | undefined {
  const number = matchAt(source, start, /(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?/y);
  if (number === undefined) return undefined;
  const kind = /^\d+$/.test(number) ? 'integer' : 'decimal';
  return { kind, value: number, start, end: start + number.length };
}

function readPunctuator(source: Source, start: number): Token | undefined {
  const value = punctuators.find((sign) => source.text.startsWith(sign, start));
  return value && { kind: 'punctuator', value, start, end: start + value.length };
}

/** Two backquotes inside mean one. */
function readQuotedIdentifier(source: Source, start: number): Token {
  const quoted = matchAt(source, start, /`(?:[^`]|``)*`/y);
  if (quoted === undefined) {
    refuse(source, start, { code: 'unterminated-name', message: 'expected ` to end the quoted name' });
  }
  const value = quoted.slice(1, -1).replaceAll('``', '`');
  return { kind: 'quoted-identifier', value, start, end: start + quoted.length };
}

function refuseCharacter(source: Source, start: number): never {
  const character = String.fromCodePoint(source.text.codePointAt(start) ?? 0);
  const hint = characterHints[character];
  refuse(source, start, {
    code: 'unexpected-character',
    message: `expected a word, a number, a string or an operator, found ${JSON.stringify(character)}`,
    ...(hint !== undefined && { hint }),
  });
}

const characterHints: Readonly<Record<string, string>> = {
  '!': 'Negation is written `not`, before the whole condition.',
  '&': 'Conjunction is written `and`.',
  ';': 'Nothing ends a query but its own end.',
  '“': 'A string stands between straight double quotes.',
  $: "Variables belong to Endgame's EQL.",
};

function skipBlank(source: Source, start: number): number {
  const { text } = source;
  let at = start;
  for (;;) {
    at += matchAt(source, at, /[ \r\n\t]+/y)?.length ?? 0;
    if (text.startsWith('//', at)) at += matchAt(source, at, /[^\r\n]*/y)?.length ?? 0;
    else if (text.startsWith('/*', at)) at = commentEnd(source, at);
    else return at;
  }
}

/** Comments nest; where the nesting does not come out even, the first end counts, as in Elasticsearch. */
function commentEnd(source: Source, start: number): number {
  const { text } = source;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start + 2;
  let depth = 1;
  let firstEnd: number | undefined;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (mark[0] === '*/') firstEnd ??= marks.lastIndex;
    if (depth === 0) return marks.lastIndex;
  }
  if (firstEnd !== undefined) return firstEnd;
  refuse(source, start, { code: 'unterminated-comment', message: 'expected */ to end the comment' });
}

/** `pattern` must be sticky. */
function matchAt(source: Source, start: number, pattern: RegExp): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(source.text)?.[0];
}
