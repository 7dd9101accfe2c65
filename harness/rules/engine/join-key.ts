// The join key of an event as one text, so that it can index a map.

import type { JoinKey } from '../rule.ts';
import { fieldReader } from './field.ts';
import { textOf } from './text.ts';

/** Gives undefined when the event lacks a key that is not optional: such an event joins nothing. */
export type KeyReader = (event: object) => string | undefined;

/** Prepares reading of a list of join keys. Numbers and their text join; a list joins with an equal list. */
export function keyReader(keys: readonly JoinKey[]): KeyReader {
  const readers = keys.map(({ field, optional }) => ({ read: fieldReader(field), optional }));
  return (event) => {
    let key = '';
    for (const { read, optional } of readers) {
      const value = read(event);
      const part = value === undefined ? undefined : keyPart(value);
      if (part === undefined) {
        if (!optional) return undefined;
        key += '-';
      } else {
        key += part;
      }
    }
    return key;
  };
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
