// JSON from outside → its value, or what is wrong with it and where: bounded in depth, without keys that mean something
// to JavaScript, every problem with its offset.

import type { z } from 'zod';

/** What is wrong with a text, and at which of its characters. */
export interface JsonFault {
  readonly offset: number;
  readonly message: string;
}

export type JsonResult<T> = { readonly value: T } | { readonly fault: JsonFault };

/** Records nest some ten levels deep; what nests deeper breaks those who walk it. */
const maxDepth = 64;

/**
 * Parses a whole JSON text.
 * @returns the value, or the first fault
 */
export function parseJson(text: string): JsonResult<unknown> {
  if (text.startsWith('\ufeff')) {
    return { fault: { offset: 0, message: 'expected JSON, got a byte order mark before it' } };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: jsonFault(error, text) };
  }
  const path = isPlain(text) || isFit(value, 0) ? undefined : unfitPath(value);
  if (path === undefined) return { value };
  const message =
    path.length > maxDepth
      ? `expected at most ${maxDepth} levels of nesting`
      : `expected no key \`${String(path.at(-1))}\``;
  return { fault: { offset: offsetOf(text, path), message } };
}

/** What the parser has complained of, and where. */
export function jsonFault(error: unknown, text: string): JsonFault {
  const { message } = error as Error;
  const position = /at position (\d+)/.exec(message)?.[1];
  const reason = message
    .replace(/ in JSON at position.*$/s, '')
    .replace(/, "?\.{3}.*$/s, '')
    .replace(/, ".*" is not valid JSON$/s, '');
  return {
    offset: position === undefined ? faultOffset(text, reason) : Number(position),
    message: text.trim() === '' ? 'expected JSON, got nothing' : `it is not JSON: ${reason}`,
  };
}

/** Of a short text the parser names the character alone; of one that breaks off, nothing. */
function faultOffset(text: string, reason: string): number {
  const token = /^Unexpected token '(.)'/su.exec(reason)?.[1];
  const found = token === undefined ? -1 : text.indexOf(token);
  return found >= 0 ? found : text.trimEnd().length;
}

/** The texts of a list's items, also of one that breaks off; the last may be cut then. */
export function* itemsOf(text: string): Generator<string> {
  let at = afterSpace(text, text.indexOf('[') + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    yield text.slice(at, end);
    at = afterSpace(text, end);
    if (text[at] !== ',') return;
    at = afterSpace(text, at + 1);
  }
}

/** Holds a parsed value against a schema; the fault's place is looked for in the text. */
export function holdAgainst<T>(schema: z.ZodType<T>, value: unknown, text: string): JsonResult<T> {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  const [issue] = result.error.issues;
  const path = issue?.path ?? [];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return {
    fault: {
      offset: offsetOf(text, [...path, ...unknown]),
      message: `${named(path)}${issue?.message ?? 'unexpected'}`,
    },
  };
}

/** Whether the text alone shows that it nests little and has no odd key, as that of nearly every event does. */
function isPlain(text: string): boolean {
  // A letter of the key may be escaped.
  if (text.includes('__proto__') || text.includes('\\u')) return false;
  let brackets = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      brackets += 1;
      if (brackets > maxDepth) return false;
    }
  }
  return true;
}

/** Whether nothing in it has a key or a depth that nobody should have to handle; most have not, and are walked but once. */
function isFit(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maxDepth) return false;
  if (Array.isArray(value)) return value.every((below) => isFit(below, depth + 1));
  for (const key in value) {
    if (key === '__proto__' || !isFit(value[key as keyof typeof value], depth + 1)) return false;
  }
  return true;
}

/** The first way to such a key or depth. */
function unfitPath(value: unknown, path: PropertyKey[] = []): PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length > maxDepth) return path;
  for (const [key, below] of Object.entries(value)) {
    if (key === '__proto__') return [...path, key];
    if (typeof below !== 'object' || below === null) continue;
    path.push(Array.isArray(value) ? Number(key) : key);
    const found = unfitPath(below, path);
    if (found !== undefined) return found;
    path.pop();
  }
  return undefined;
}

/** `run.shard: `, in the form that people search for; nothing at the top. */
const named = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? ''
    : `\`${path
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
        .join('')
        .replace(/^\./, '')}\`: `;

/**
 * Where the value that a path leads to begins.
 * @param text valid JSON
 * @returns the offset of the deepest value that the path reaches
 */
export function offsetOf(text: string, path: readonly PropertyKey[]): number {
  let at = afterSpace(text, 0);
  for (const step of path) {
    const below = text[at] === '{' ? memberOf(text, at, String(step)) : itemOf(text, at, Number(step));
    if (below === undefined) return at;
    at = below;
  }
  return at;
}

/** The last one counts where a key is repeated, as it does for the parser. */
function memberOf(text: string, object: number, key: string): number | undefined {
  let found: number | undefined;
  let at = afterSpace(text, object + 1);
  while (text[at] === '"') {
    const end = endOfValue(text, at);
    const value = afterSpace(text, afterSpace(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === key) found = value;
    at = afterSpace(text, endOfValue(text, value));
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return found;
}

function itemOf(text: string, list: number, index: number): number | undefined {
  if (text[list] !== '[') return undefined;
  let at = afterSpace(text, list + 1);
  for (let passed = 0; text[at] !== ']' && at < text.length; passed++) {
    if (passed === index) return at;
    at = afterSpace(text, endOfValue(text, at));
    if (text[at] === ',') at = afterSpace(text, at + 1);
  }
  return undefined;
}

function endOfValue(text: string, start: number): number {
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{[]|[}\]]|[^\s"{}[\],:]+|[\s,:]+/gy;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [first = ''] = match[0];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  return text.length;
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}
