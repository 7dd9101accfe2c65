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

/** A guess at how often one of the clues is met. */
const frequencyOf = (clues: readonly Clue[]): number => clues.reduce((sum, clue) => sum + frequency(clue), 0);

/** Short literals are common, anchored ones less; in the whole event there are many values to find them in. */
function frequency({ field, literal, atStart, atEnd }: Clue): number {
  if (field !== undefined && kindOfEvent.test(field)) return 1;
  const anchors = (atStart ? 1 : 0) + (atEnd ? 1 : 0);
  return 2 ** -(Math.min(literal.length, 12) + anchors) * (field === undefined ? 32 : 1);
}

/** Fields that say of what kind an event is have few values, each of them frequent. */
const kindOfEvent = /^(event|host|agent|ecs|data_stream|logsource)\.|^(Channel|Provider_Name|EventID)$/i;
