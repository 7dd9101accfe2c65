// Finds the filters for whose clues an event gives occasion.

import type { EventView } from './event-view.ts';
import type { Clue } from './gate.ts';
import { literalSearch } from './literal-search.ts';
import type { Values } from './values.ts';

export interface ClueEntry {
  readonly clue: Clue;
  /** Whom the clue is for. */
  readonly filter: number;
}

/** Looks in the event shown for clues, and tells for which filters there are some; perhaps more than once. */
export type ClueSearch = () => void;

/** Prepares one search per field for the clues of many filters. */
export function clueSearch(
  entries: readonly ClueEntry[],
  view: EventView,
  tell: (filter: number) => void,
): ClueSearch {
  const searches = [...Map.groupBy(entries, ({ clue }) => clue.field)].map(([field, group]) => ({
    branch: field?.split('.')[0],
    search: fieldSearch(field === undefined ? view.wholeEvent : view.field(field), group, tell),
  }));
  // Most events lack whole branches that some rules ask for: none of the fields below is looked for then.
  const branches = [...Map.groupBy(searches, ({ branch }) => branch)];
  return () => {
    for (const [branch, below] of branches) {
      if (branch === undefined || view.mayHave(branch)) for (const { search } of below) search();
    }
  };
}

function fieldSearch(
  values: Values,
  entries: readonly ClueEntry[],
  tell: (filter: number) => void,
): ClueSearch {
  const search = literalSearch(entries.map(({ clue, filter }) => ({ ...clue, owner: filter })));
  const searchText = (text: string): boolean => {
    search(text, tell);
    return false;
  };
  return entries.some(({ clue }) => isOfScalars(clue.literal))
    ? () => values.someText(searchText)
    : () => values.someString(searchText);
}

/** Whether a literal may stand in a number or a boolean. */
const isOfScalars = (literal: string): boolean =>
  /^[-+.\de]*$/i.test(literal) ||
  ['true', 'false', 'infinity', 'nan'].some((text) => text.includes(literal.toLowerCase()));
