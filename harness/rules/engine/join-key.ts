// The join key of an event as one text, so that it can index a map.

import type { JoinKey } from '../rule.ts';
import { fieldReader, flattened } from './field.ts';
import { textOf } from './text.ts';

interface JoinedKey {
  readonly text: string;
  /** One value per join key; undefined where an optional one is absent. */
  readonly values: readonly unknown[];
}

/** Gives the keys under which an event joins: none when it lacks a key that is not optional. */
export type KeyReader = (event: object) => readonly JoinedKey[];

/**
 * Prepares reading of a list of join keys. Numbers and their text join. A field with several values joins under each
 * of them, several such fields under each combination (elastic/elasticsearch#89965), up to `mostKeys` of them.
 */
export function keyReader(keys: readonly JoinKey[]): KeyReader {
  const readers = keys.map(({ field, optional }) => ({ read: fieldReader(field), optional }));
  return (event) => {
    let joined: readonly JoinedKey[] = [{ text: '', values: [] }];
    for (const { read, optional } of readers) {
      const parts = partsOf(read(event));
      if (parts.size === 0 && !optional) return [];
      if (parts.size === 0) parts.set('-', undefined);
      joined = combined(joined, parts);
    }
    return joined;
  };
}

const mostKeys = 1000;

function combined(keys: readonly JoinedKey[], parts: ReadonlyMap<string, unknown>): readonly JoinedKey[] {
  const all: JoinedKey[] = [];
  for (const { text, values } of keys) {
    for (const [part, value] of parts) {
      if (all.push({ text: text + part, values: [...values, value] }) === mostKeys) return all;
    }
  }
  return all;
}

/** The values of a field by their part of the key: each once, as Elasticsearch keeps them. */
function partsOf(value: unknown): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const each of flattened([value]).slice(0, mostKeys)) {
    const part = keyPart(each);
    if (part !== undefined) parts.set(part, each);
  }
  return parts;
}

/** Length before text, so that two keys never run into each other. */
export function keyPart(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const present = value.filter((item) => item !== null && item !== undefined);
    if (present.length <= 1) return present.length === 0 ? undefined : keyPart(present[0]);
    return `[${present.map((item) => keyPart(item) ?? '-').join('')}]`;
  }
  const text = textOf(value);
  return text === undefined ? undefined : `${text.length}:${text}`;
}
