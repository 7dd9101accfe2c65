// What an event must have at the very least to pass a predicate, so that most predicates need not be tried.

import type { Predicate } from '../predicate.ts';
import { type Literal, literalsOf } from './needle.ts';

/** A literal in one field; without `field`, in any. */
export interface Clue extends Literal {
  readonly field: string | undefined;
}

/**
 * For each predicate clues of which an event that passes has at least one, chosen to be rare; undefined when there
 * are no such clues, and none at all when nothing passes.
 */
export function chooseClues(predicates: readonly Predicate[]): readonly (readonly Clue[] | undefined)[] {
  const popularity = popularityOf(predicates);
  const frequencyOf = (clues: readonly Clue[]): number =>
    clues.reduce((sum, clue) => sum + frequency(clue) * (popularity.get(keyOf(clue)) ?? 1), 0);
  return predicates.map((predicate) => cluesOf(predicate, frequencyOf));
}

function cluesOf(
  predicate: Predicate,
  frequencyOf: (clues: readonly Clue[]) => number,
): readonly Clue[] | undefined {
  switch (predicate.kind) {
    case 'constant':
      return predicate.value ? undefined : [];
    case 'field':
    case 'keyword':
      return leafClues(predicate);
    case 'and':
      return predicate.of
        .map((part) => cluesOf(part, frequencyOf))
        .filter((clues) => clues !== undefined)
        .map((clues) => ({ clues, frequency: frequencyOf(clues) }))
        .sort((a, b) => a.frequency - b.frequency)[0]?.clues;
    case 'or': {
      const parts = predicate.of.map((part) => cluesOf(part, frequencyOf));
      return parts.every((clues) => clues !== undefined) ? parts.flat() : undefined;
    }
    // What must be absent, and what is worked out, leaves no clue.
    case 'not':
    case 'computed':
      return undefined;
  }
}

const leafClues = (leaf: Extract<Predicate, { kind: 'field' | 'keyword' }>): readonly Clue[] | undefined =>
  literalsOf(leaf.test)?.map((literal) => ({
    ...literal,
    field: leaf.kind === 'field' ? leaf.field : undefined,
  }));

/** How many predicates ask for a clue: what many rules look for is what is often there, such as a shell. */
function popularityOf(predicates: readonly Predicate[]): ReadonlyMap<string, number> {
  const popularity = new Map<string, number>();
  for (const predicate of predicates) {
    const keys = new Set<string>();
    gatherKeys(predicate, keys);
    for (const key of keys) popularity.set(key, (popularity.get(key) ?? 0) + 1);
  }
  return popularity;
}

function gatherKeys(predicate: Predicate, keys: Set<string>): void {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      for (const part of predicate.of) gatherKeys(part, keys);
      break;
    case 'field':
    case 'keyword':
      for (const clue of leafClues(predicate) ?? []) keys.add(keyOf(clue));
      break;
    case 'not':
    case 'constant':
    case 'computed':
      break;
  }
}

const keyOf = ({ field, literal }: Clue): string => JSON.stringify([field, literal]);

/**
 * A guess: short literals are common. One that is anchored has one place to stand in a value, any other has many;
 * and in the whole event there are many values.
 */
function frequency({ field, literal, atStart, atEnd }: Clue): number {
  if (field !== undefined && kindOfEvent.test(field)) return 1024;
  const places = atStart || atEnd ? 1 : 32;
  const values = field === undefined ? 32 : 1;
  return 2 ** -Math.min(literal.length, 16) * places * values;
}

/** Fields that say of what kind an event is: most events of the kind have the very value that is asked for. */
const kindOfEvent = /^(event|host|agent|ecs|data_stream|logsource)\.|^(Channel|Provider_Name|EventID)$/i;
