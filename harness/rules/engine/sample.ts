// EQL `sample`: for each join key one distinct event per filter, in no particular order of time.

import type { SampleQuery } from '../rule.ts';
import { BoundedMap, type Bounds } from './bounds.ts';
import { type KeyReader, keyReader } from './join-key.ts';
import type { Arrival } from './match.ts';
import type { Emit } from './sequence.ts';

/** Collects events per key; samples are known only at the end, since an earlier choice can need a later event. */
export class SampleMachine {
  readonly #filters: readonly KeyReader[];
  /** Per key and filter the first events that passed: as many as there are filters always suffice. */
  readonly #collected: BoundedMap<Finding[][]>;

  constructor({ stages }: SampleQuery, bounds: Bounds) {
    this.#filters = stages.map(({ by }) => keyReader(by));
    this.#collected = new BoundedMap(bounds.keys);
  }

  get evicted(): number {
    return this.#collected.evicted;
  }

  get size(): number {
    return this.#collected.size;
  }

  push(passed: readonly number[], arrival: Arrival): void {
    for (const filter of passed) {
      const key = this.#filters[filter]?.(arrival.event);
      if (key === undefined) continue;
      const lists = this.#collected.get(key) ?? this.#filters.map(() => []);
      const list = lists[filter];
      if (list !== undefined && list.length < this.#filters.length)
        list.push({ handle: arrival.handle, timestampMs: arrival.timestampMs });
      this.#collected.set(key, lists, arrival.timestampMs);
    }
  }

  finish(emit: Emit): void {
    for (const lists of this.#collected.values()) {
      const sample = choose(lists, []);
      if (sample === undefined) continue;
      emit({
        handles: sample.map(({ handle }) => handle),
        timestampMs: Math.max(...sample.map(({ timestampMs }) => timestampMs)),
      });
    }
  }
}

/** A sample waits until the end: it must not hold whole events. */
type Finding = Pick<Arrival, 'handle' | 'timestampMs'>;

/** One event of each list, none twice; the earliest possible of the first list, and so on. */
function choose(lists: readonly Finding[][], chosen: readonly Finding[]): readonly Finding[] | undefined {
  const list = lists[chosen.length];
  if (list === undefined) return chosen;
  for (const candidate of list) {
    if (chosen.some(({ handle }) => handle === candidate.handle)) continue;
    const sample = choose(lists, [...chosen, candidate]);
    if (sample !== undefined) return sample;
  }
  return undefined;
}
