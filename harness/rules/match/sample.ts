// EQL `sample`: for each join key one distinct event per filter, in no particular order of time.

import type { SampleQuery } from '../rule.ts';
import { BoundedMap, type Bounds } from './bounds.ts';
import { type KeyReader, keyReader } from './join-key.ts';
import type { Arrival } from './match.ts';
import type { Emit } from './sequence.ts';

/** Collects events per key; samples are known only at the end, since an earlier choice can need a later event. */
export class SampleMachine {
  readonly #filters: readonly KeyReader[];
  readonly #collected: BoundedMap<Collected>;

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

  push(passed: readonly number[], { event, handle, timestampMs }: Arrival): void {
    for (const filter of passed) {
      for (const { text, values } of this.#filters[filter]?.(event) ?? []) {
        const collected = this.#collected.get(text) ?? { values, lists: this.#filters.map(() => []) };
        const list = collected.lists[filter];
        if (list !== undefined && list.length < this.#filters.length) list.push({ handle, timestampMs });
        this.#collected.set(text, collected, timestampMs);
      }
    }
  }

  /** Samples in the order of their keys, as Elasticsearch gives them. */
  finish(emit: Emit): void {
    for (const { lists } of [...this.#collected.values()].sort(byKey)) {
      const sample = choose(lists);
      if (sample === undefined) continue;
      emit({
        handles: sample.map(({ handle }) => handle),
        timestampMs: Math.max(...sample.map(({ timestampMs }) => timestampMs)),
      });
    }
  }
}

/** What one key has so far. */
interface Collected {
  readonly values: readonly unknown[];
  /** Per filter the first events that passed: as many as there are filters always suffice. */
  readonly lists: readonly Finding[][];
}

/** A sample waits until the end: it must not hold whole events. */
type Finding = Pick<Arrival, 'handle' | 'timestampMs'>;

/** Absent before present, numbers by size, text by code unit. */
function byKey(a: Collected, b: Collected): number {
  for (const [index, left] of a.values.entries()) {
    const right = b.values[index];
    if (left === right) continue;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    const [leftText, rightText] = [String(left), String(right)];
    if (leftText !== rightText) return leftText < rightText ? -1 : 1;
  }
  return 0;
}

/**
 * One event of each list, none twice: the earliest possible of the first list, and so on. A choice stands only if
 * the lists after it can still be served, so the time is polynomial however the lists overlap.
 */
function choose(lists: readonly (readonly Finding[])[]): readonly Finding[] | undefined {
  const chosen: Finding[] = [];
  for (const [index, list] of lists.entries()) {
    const taken = new Set(chosen.map(({ handle }) => handle));
    const next = list.find(
      ({ handle }) => !taken.has(handle) && canServe(lists.slice(index + 1), new Set(taken).add(handle)),
    );
    if (next === undefined) return undefined;
    chosen.push(next);
  }
  return chosen;
}

/** Whether every list can have an event of its own that is not taken (bipartite matching by augmenting paths). */
function canServe(lists: readonly (readonly Finding[])[], taken: ReadonlySet<number>): boolean {
  const servedBy = new Map<number, number>();
  const serve = (index: number, tried: Set<number>): boolean =>
    (lists[index] ?? []).some(({ handle }) => {
      if (taken.has(handle) || tried.has(handle)) return false;
      tried.add(handle);
      const holder = servedBy.get(handle);
      if (holder !== undefined && !serve(holder, tried)) return false;
      servedBy.set(handle, index);
      return true;
    });
  return [...lists.keys()].every((index) => serve(index, new Set()));
}
