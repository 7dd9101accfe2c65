// All values of an event, as if they were one field's: what keywords look at.

import { deepest } from './field.ts';
import { fold, textOf } from './text.ts';
import type { Values } from './values.ts';

/** What the values are taken from, and its number: they are gathered once for each. */
export interface ShownEvent {
  readonly epoch: number;
  readonly event: object;
}

export class WholeEvent implements Values {
  readonly #shown: ShownEvent;
  readonly #metadata: string | undefined;
  #epoch = 0;
  #foldedEpoch = 0;
  #foldedTexts: readonly string[] = [];
  /** Most values are strings. The lists are written over with each event: only as many as counted are of this one. */
  readonly #strings: string[] = [];
  #stringCount = 0;
  readonly #others: unknown[] = [];
  #otherCount = 0;

  /** `metadata`: a key of the event that says something about the record and is not part of it. */
  constructor(shown: ShownEvent, metadata: string | undefined) {
    this.#shown = shown;
    this.#metadata = metadata;
  }

  isPresent(): boolean {
    return this.someValue(() => true);
  }

  someValue(passes: (value: unknown) => boolean): boolean {
    return this.someString(passes) || this.#someOther(passes);
  }

  someString(passes: (text: string) => boolean): boolean {
    if (this.#epoch !== this.#shown.epoch) this.#gatherAll();
    for (let at = 0; at < this.#stringCount; at++) if (passes(this.#strings[at] as string)) return true;
    return false;
  }

  someText(passes: (text: string) => boolean): boolean {
    const textPasses = (value: unknown): boolean => {
      const text = textOf(value);
      return text !== undefined && passes(text);
    };
    return this.someString(passes) || this.#someOther(textPasses);
  }

  someFolded(passes: (text: string) => boolean): boolean {
    if (this.#foldedEpoch !== this.#shown.epoch) this.#fold();
    return this.#foldedTexts.some(passes);
  }

  #fold(): void {
    const texts: string[] = [];
    this.someText((text) => {
      texts.push(fold(text));
      return false;
    });
    this.#foldedTexts = texts;
    this.#foldedEpoch = this.#epoch;
  }

  /** Strings have been looked at before, and the values gathered with them. */
  #someOther(passes: (value: unknown) => boolean): boolean {
    for (let at = 0; at < this.#otherCount; at++) if (passes(this.#others[at])) return true;
    return false;
  }

  #gatherAll(): void {
    const { epoch, event } = this.#shown;
    this.#epoch = epoch;
    this.#stringCount = 0;
    this.#otherCount = 0;
    for (const key in event) {
      if (key !== this.#metadata) this.#gather((event as Readonly<Record<string, unknown>>)[key], 1);
    }
  }

  /** Every value that is neither an object nor an array; what lies too deep is not looked at. */
  #gather(value: unknown, depth: number): void {
    if (typeof value === 'string') this.#strings[this.#stringCount++] = value;
    else if (typeof value !== 'object') this.#gatherOther(value);
    else if (value === null || depth > deepest) return;
    else if (Array.isArray(value)) for (const item of value) this.#gather(item, depth + 1);
    else this.#gatherMembers(value as Readonly<Record<string, unknown>>, depth + 1);
  }

  /** Most members are strings: they cost no call. */
  #gatherMembers(object: Readonly<Record<string, unknown>>, depth: number): void {
    for (const key in object) {
      const value = object[key];
      if (typeof value === 'string') this.#strings[this.#stringCount++] = value;
      else this.#gather(value, depth);
    }
  }

  #gatherOther(value: unknown): void {
    if (value !== undefined) this.#others[this.#otherCount++] = value;
  }
}
