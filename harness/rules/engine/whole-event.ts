// All values of an event, as if they were one field's: what keywords look at.

import { deepest } from './field.ts';
import { fold, textOf } from './text.ts';
import type { Values } from './values.ts';

/** Walks the event at every question: keywords are asked seldom, since they too wait for their clues. */
export class WholeEvent implements Values {
  readonly #event: () => object;
  readonly #metadata: string | undefined;

  /** `metadata`: a key of the event that says something about the record and is not part of it. */
  constructor(event: () => object, metadata: string | undefined) {
    this.#event = event;
    this.#metadata = metadata;
  }

  isPresent(): boolean {
    return this.someValue(() => true);
  }

  someValue(passes: (value: unknown) => boolean): boolean {
    const event = this.#event();
    if (this.#metadata === undefined || !Object.hasOwn(event, this.#metadata)) return someLeaf(event, passes);
    return Object.entries(event).some(([key, value]) => key !== this.#metadata && someLeaf(value, passes));
  }

  someText(passes: (text: string) => boolean): boolean {
    return this.someValue((value) => {
      const text = textOf(value);
      return text !== undefined && passes(text);
    });
  }

  someFolded(passes: (text: string) => boolean): boolean {
    return this.someText((text) => passes(fold(text)));
  }
}

/** Whether any value that is neither an object nor an array passes; what lies too deep is not looked at. */
function someLeaf(value: unknown, passes: (value: unknown) => boolean, depth = 0): boolean {
  if (typeof value !== 'object') return value !== undefined && passes(value);
  if (value === null || depth > deepest) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (someLeaf(item, passes, depth + 1)) return true;
    return false;
  }
  for (const key in value) {
    if (someLeaf((value as Readonly<Record<string, unknown>>)[key], passes, depth + 1)) return true;
  }
  return false;
}
