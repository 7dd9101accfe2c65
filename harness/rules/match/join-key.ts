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
      if (parts.length === 0 && !optional) return none;
      joined = combined(joined, parts.length === 0 ? absent : parts);
    }
    return joined;
  };
}

const mostKeys = 1000;

/** What one join key adds to the text of the whole. */
interface Part {
  readonly text: string;
  readonly value: unknown;
}

const none: readonly never[] = [];
const absent: readonly Part[] = [{ text: '-', value: undefined }];

/** The values of a field, each once, as Elasticsearch keeps them. Most fields have one. */
function partsOf(value: unknown): readonly Part[] {
  if (!Array.isArray(value)) return partOf(value);
  const parts = flattened(value).slice(0, mostKeys).flatMap(partOf);
  return [...new Map(parts.map((part) => [part.text, part])).values()];
}

function partOf(value: unknown): readonly Part[] {
  const text = keyPart(value);
  return text === undefined ? none : [{ text, value }];
}

function combined(keys: readonly JoinedKey[], parts: readonly Part[]): readonly JoinedKey[] {
  const all: JoinedKey[] = [];
  for (const { text, values } of keys) {
    for (const part of parts) {
      if (all.push({ text: text + part.text, values: [...values, part.value] }) === mostKeys) return all;
    }
  }
  return all;
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
