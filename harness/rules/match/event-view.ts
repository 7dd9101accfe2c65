// The event under judgement: each field is read once, however many tests look at it.

import {
  type FieldReader,
  fieldPresence,
  fieldReader,
  flattened,
  hasDottedKey,
  nestedFieldReader,
} from './field.ts';
import { fold, textOf } from './text.ts';
import type { Values } from './values.ts';
import { WholeEvent } from './whole-event.ts';

/** Shows one event after the other to everything that was compiled for it. */
export class EventView {
  /** Counts events: what was worked out for another number is out of date. */
  epoch = 0;
  event: object = {};
  /** Whether the event has no dotted key at its top. */
  isNested = true;
  /** All values of the event, as if they were one field's. */
  readonly wholeEvent: Values;
  readonly #fields = new Map<string, FieldView>();

  /** `metadata`: a key of the event that says something about the record and is not part of it. */
  constructor(metadata?: string) {
    this.wholeEvent = new WholeEvent(this, metadata);
  }

  show(event: object): void {
    this.event = event;
    this.isNested = !hasDottedKey(event);
    this.epoch += 1;
  }

  /** Whether the event may have fields that begin with this key: false is certain. */
  mayHave(key: string): boolean {
    return !this.isNested || (this.event as Readonly<Record<string, unknown>>)[key] !== undefined;
  }

  field(name: string): FieldView {
    let view = this.#fields.get(name);
    if (view === undefined) {
      view = new FieldView(this, name);
      this.#fields.set(name, view);
    }
    return view;
  }

  /** Whether the event has the field at all, be it null. */
  presence(name: string): () => boolean {
    const isThere = fieldPresence(name);
    return () => isThere(this.event);
  }
}

/** One field of the event shown. Fields with one text are what events mostly have: they cost no list. */
export class FieldView implements Values {
  readonly #view: EventView;
  readonly #read: FieldReader;
  readonly #readNested: FieldReader;
  #epoch = 0;
  #foldedEpoch = 0;
  #value: unknown;
  /** The field's only value, when that is a text. */
  #text: string | undefined;
  #foldedText = '';
  /** Otherwise all its values, arrays taken apart, and those that have a text. */
  #values: readonly unknown[] = none;
  #texts: readonly string[] = none;
  #foldedTexts: readonly string[] = none;

  constructor(view: EventView, name: string) {
    this.#view = view;
    this.#read = fieldReader(name);
    this.#readNested = nestedFieldReader(name);
  }

  /** As in the event; undefined when absent. */
  value(): unknown {
    this.#load();
    return this.#value;
  }

  isPresent(): boolean {
    this.#load();
    return this.#text !== undefined || this.#values.length > 0;
  }

  someValue(passes: (value: unknown) => boolean): boolean {
    this.#load();
    return this.#text === undefined ? this.#values.some(passes) : passes(this.#text);
  }

  someString(passes: (text: string) => boolean): boolean {
    this.#load();
    if (this.#text !== undefined) return passes(this.#text);
    return this.#values.some((value) => typeof value === 'string' && passes(value));
  }

  someText(passes: (text: string) => boolean): boolean {
    this.#load();
    return this.#text === undefined ? this.#texts.some(passes) : passes(this.#text);
  }

  someFolded(passes: (text: string) => boolean): boolean {
    this.#load();
    if (this.#foldedEpoch !== this.#epoch) this.#fold();
    return this.#text === undefined ? this.#foldedTexts.some(passes) : passes(this.#foldedText);
  }

  #load(): void {
    if (this.#epoch === this.#view.epoch) return;
    const { epoch, event, isNested } = this.#view;
    this.#epoch = epoch;
    const value = isNested ? this.#readNested(event) : this.#read(event);
    this.#value = value;
    if (typeof value === 'string') {
      this.#text = value;
      return;
    }
    this.#text = undefined;
    if (value === undefined) {
      this.#values = none;
      this.#texts = none;
    } else if (isTexts(value)) {
      this.#values = value;
      this.#texts = value;
    } else {
      this.#values = flattened([value]).filter(isPresent);
      this.#texts = this.#values.map(textOf).filter(isPresent);
    }
  }

  #fold(): void {
    this.#foldedEpoch = this.#epoch;
    if (this.#text === undefined) this.#foldedTexts = this.#texts.map(fold);
    else this.#foldedText = fold(this.#text);
  }
}

const none: readonly never[] = [];

/** What lists in events mostly are: there is nothing to take apart. */
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isPresent = <T>(value: T | null | undefined): value is T => value !== undefined && value !== null;
