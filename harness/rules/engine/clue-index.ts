// Finds the filters for whose clues an event gives occasion.

import type { EventView, FieldView } from './event-view.ts';
import type { Clue } from './gate.ts';
import { type LiteralSearch, literalSearch } from './literal-search.ts';
import { RememberedValues } from './remembered-values.ts';

export interface ClueEntry {
  readonly clue: Clue;
  /** Whom the clue is for. */
  readonly filter: number;
}

/** Clues of many filters, by field. */
export class ClueIndex {
  readonly #fields: readonly FieldClues[];

  constructor(entries: readonly ClueEntry[], view: EventView) {
    this.#fields = [...Map.groupBy(entries, ({ clue }) => clue.field)].map(
      ([field, group]) => new FieldClues(field === undefined ? view.anyField() : view.field(field), group),
    );
  }

  /** Calls with every filter that the event shown has a clue for; perhaps more than once. */
  forEachHit(call: (filter: number) => void): void {
    for (const field of this.#fields) field.forEachHit(call);
  }
}

class FieldClues {
  readonly #field: FieldView;
  readonly #search: LiteralSearch<number>;
  readonly #remembered = new RememberedValues<readonly number[]>();

  constructor(field: FieldView, entries: readonly ClueEntry[]) {
    this.#field = field;
    this.#search = literalSearch(entries.map(({ clue, filter }) => ({ ...clue, owner: filter })));
  }

  forEachHit(call: (filter: number) => void): void {
    for (const text of this.#field.texts()) {
      if (!this.#remembered.accepts(text)) {
        this.#search(text, call);
        continue;
      }
      for (const filter of this.#remembered.get(text) ?? this.#remember(text)) call(filter);
    }
  }

  #remember(text: string): readonly number[] {
    const filters = new Set<number>();
    this.#search(text, (filter) => filters.add(filter));
    return this.#remembered.set(text, [...filters]);
  }
}
