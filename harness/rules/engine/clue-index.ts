// Finds the filters for whose clues an event gives occasion.

import type { EventView } from './event-view.ts';
import type { Clue } from './gate.ts';
import { type LiteralSearch, literalSearch } from './literal-search.ts';
import type { Values } from './values.ts';

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
      ([field, group]) => new FieldClues(field === undefined ? view.wholeEvent : view.field(field), group),
    );
  }

  /** Calls with every filter that the event shown has a clue for; perhaps more than once. */
  forEachHit(call: (filter: number) => void): void {
    for (const field of this.#fields) field.forEachHit(call);
  }
}

class FieldClues {
  readonly #values: Values;
  readonly #search: LiteralSearch<number>;

  constructor(values: Values, entries: readonly ClueEntry[]) {
    this.#values = values;
    this.#search = literalSearch(entries.map(({ clue, filter }) => ({ ...clue, owner: filter })));
  }

  forEachHit(call: (filter: number) => void): void {
    this.#values.someText((text) => {
      this.#search(text, call);
      return false;
    });
  }
}
