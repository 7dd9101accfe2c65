// What an event must have at the very least to pass a predicate, so that most predicates need not be tried.

import type { Predicate } from '../predicate.ts';
import { type Literal, literalsOf } from './needle.ts';

/** A literal in one field; without `field`, in any. */
export interface Clue extends Literal {
  readonly field: string | undefined;
}

/**
 * Clues of which an event that passes has at least one, chosen to be rare; undefined when there are no such clues,
 * and none at all when nothing passes.
 */
export function cluesOf(predicate: Predicate): readonly Clue[] | undefined {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value ? undefined : [];
    case 'field':
      return literalsOf(predicate.test)?.map((literal) => ({ ...literal, field: predicate.field }));
    case 'keyword':
      return literalsOf(predicate.test)?.map((literal) => ({ ...literal, field: undefined }));
    case 'and':
      return predicate.of
        .map(cluesOf)
        .filter((clues) => clues !== undefined)
        .sort((a, b) => frequencyOf(a) - frequencyOf(b))[0];
    case 'or': {
      const parts = predicate.of.map(cluesOf);
      return parts.every((clues) => clues !== undefined) ? parts.flat() : undefined;
    }
    // What must be absent, and what is worked out, leaves no clue.
    case 'not':
    case 'computed':
      return undefined;
  }
}

/** A guess at how many events have one of the clues: short literals are common, anchored ones less. */
const frequencyOf = (clues: readonly Clue[]): number =>
  clues.reduce((sum, clue) => sum + (isCommonField(clue.field) ? 1 : rarity(clue)), 0);

const rarity = ({ literal, atStart, atEnd }: Clue): number =>
  2 ** -(Math.min(literal.length, 12) + (atStart ? 1 : 0) + (atEnd ? 1 : 0));

/** Fields that say of what kind an event is have few values, each of them frequent. */
const isCommonField = (field: string | undefined): boolean =>
  field === undefined ||
  /^(event|host|agent|ecs|data_stream|logsource)\.|^(Channel|Provider_Name|EventID)$/i.test(field);
