// The event under judgement: each field is read once, however many tests look at it.

import { type FieldReader, fieldPresence, fieldReader, leavesOf } from './field.ts';
import { fold, textOf } from './text.ts';

/** Shows one event after the other to everything that was compiled for it. */
export class EventView {
  /** Counts events: what was worked out for another number is out of date. */
  epoch = 0;
  #event: object = {};
  readonly #fields = new Map<string, FieldView>();
  #anyField: FieldView | undefined;
  readonly #metadata: string | undefined;

  /** `metadata`: a key of the event that says something about the record and is not part of it. */
  constructor(metadata?: string) {
    this.#metadata = metadata;
  }

  show(event: object): void {
    this.#event = event;
    this.epoch += 1;
  }

  field(name: string): FieldView {
    let view = this.#fields.get(name);
    if (view === undefined) {
      view = new FieldView(this, fieldReader(name), () => this.#event);
      this.#fields.set(name, view);
    }
    return view;
  }

  /** Whether the event has the field at all, be it null. */
  presence(name: string): () => boolean {
    const isThere = fieldPresence(name);
    return () => isThere(this.#event);
  }

  /** All values of the event, as if they were one field's. */
  anyField(): FieldView {
    this.#anyField ??= new FieldView(
      this,
      (event) => leavesOf(this.#record(event)),
      () => this.#event,
    );
    return this.#anyField;
  }

  #record(event: object): object {
    if (this.#metadata === undefined || !Object.hasOwn(event, this.#metadata)) return event;
    return Object.fromEntries(Object.entries(event).filter(([key]) => key !== this.#metadata));
  }
}

/** One field of the event shown. */
export class FieldView {
  readonly #view: EventView;
  readonly #read: FieldReader;
  readonly #event: () => object;
  #epoch = 0;
  #foldedEpoch = 0;
  #value: unknown;
  /** Reused from event to event. */
  readonly #values: unknown[] = [];
  readonly #texts: string[] = [];
  readonly #folded: string[] = [];

  constructor(view: EventView, read: FieldReader, event: () => object) {
    this.#view = view;
    this.#read = read;
    this.#event = event;
  }

  /** As in the event; undefined when absent. */
  value(): unknown {
    this.#load();
    return this.#value;
  }

  /** Every value that is there, arrays taken apart. Valid until the next event. */
  values(): readonly unknown[] {
    this.#load();
    return this.#values;
  }

  /** The values that have a text. */
  texts(): readonly string[] {
    this.#load();
    return this.#texts;
  }

  /** The texts in folded case. */
  folded(): readonly string[] {
    this.#load();
    if (this.#foldedEpoch !== this.#epoch) {
      this.#foldedEpoch = this.#epoch;
      this.#folded.length = 0;
      for (const text of this.#texts) this.#folded.push(fold(text));
    }
    return this.#folded;
  }

  #load(): void {
    if (this.#epoch === this.#view.epoch) return;
    this.#epoch = this.#view.epoch;
    this.#values.length = 0;
    this.#texts.length = 0;
    const value = this.#read(this.#event());
    this.#value = value;
    if (value !== undefined) this.#gather(value);
  }

  #gather(value: unknown): void {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) {
      for (const item of value) this.#gather(item);
      return;
    }
    this.#values.push(value);
    const text = textOf(value);
    if (text !== undefined) this.#texts.push(text);
  }
}
