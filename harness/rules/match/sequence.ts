// EQL `sequence` as a state machine per join key, with Elasticsearch's results on a stream in order.
//
// Per key and stage there is one partial sequence; a later event replaces the earlier one. An event takes the
// partial of the stage before, so partials never fork. `![…]` does not steer the machine: a sequence is completed
// from its positive stages alone and then dropped when a missing event did occur in one of its gaps, as
// Elasticsearch does; gaps are open intervals of timestamps. Missing events before the first or after the last
// stage count within `maxspan`: there must be a span of that length that holds the sequence and none of them.

import type { SequenceQuery } from '../rule.ts';
import { BoundedMap, type Bounds } from './bounds.ts';
import { Deadlines } from './deadlines.ts';
import { type KeyReader, keyReader } from './join-key.ts';
import type { Arrival } from './match.ts';

/** A finished sequence: handles of the positive stages, and the time of the last. */
export interface Finished {
  readonly handles: readonly number[];
  readonly timestampMs: number;
}

export type Emit = (finished: Finished) => void;

/** The filters of a sequence in the order that `push` numbers them: its stages, then `until`. */
export class SequenceMachine {
  readonly #positives: readonly Positive[];
  readonly #missing: readonly Missing[];
  readonly #hasLeading: boolean;
  readonly #hasTrailing: boolean;
  readonly #until: { readonly filter: number; readonly keysOf: KeyReader } | undefined;
  readonly #maxSpanMs: number;
  readonly #limit: number;
  /** Per key: at index n the partial that waits for positive stage n + 1. */
  readonly #partials: BoundedMap<(PartialSequence | undefined)[]>;
  /** Per key: when missing events of the leading stages occurred last. */
  readonly #leading: BoundedMap<LastTimes>;
  /** Complete but for missing events that may still come, by key; what has been dropped may still be in the queue. */
  readonly #pending = new Map<string, Pending[]>();
  readonly #deadlines = new Deadlines<Pending>();
  #evictedPending = 0;
  #openAtEnd = 0;

  constructor(query: SequenceQuery, bounds: Bounds) {
    const { positives, missing } = layOut(query);
    this.#positives = positives;
    this.#missing = missing;
    this.#hasLeading = missing.some(({ gap }) => gap === leadingGap);
    this.#hasTrailing = missing.some(({ gap }) => gap === positives.length - 1);
    this.#until = query.until && { filter: query.stages.length, keysOf: keyReader(query.until.by) };
    this.#maxSpanMs = query.maxSpanMs ?? Number.POSITIVE_INFINITY;
    this.#limit = bounds.keys;
    this.#partials = new BoundedMap(bounds.keys, this.#maxSpanMs);
    this.#leading = new BoundedMap(bounds.keys, this.#maxSpanMs);
  }

  /** PartialSequence sequences forgotten because of the bounds. */
  get evicted(): number {
    return this.#partials.evicted + this.#leading.evicted + this.#evictedPending;
  }

  /** Keys with something pending. */
  get size(): number {
    return this.#partials.size + this.#leading.size + this.#deadlines.size;
  }

  /** Takes an event and the numbers of the filters that it passed. */
  push(passed: readonly number[], arrival: Arrival, emit: Emit): void {
    this.#noteMissing(passed, arrival);
    // From the last stage to the first, so that one event never takes two steps of one sequence.
    for (let index = this.#positives.length - 1; index >= 0; index--) {
      const positive = this.#positives[index];
      if (positive === undefined || !passed.includes(positive.filter)) continue;
      for (const { text: key } of positive.keysOf(arrival.event)) {
        const partial = index === 0 ? this.#start(key, arrival) : this.#advance(index, key, arrival);
        if (partial === undefined) continue;
        if (index === this.#positives.length - 1) this.#complete(key, partial, emit);
        else this.#keep(index, key, partial);
      }
    }
    if (this.#until !== undefined && passed.includes(this.#until.filter)) {
      for (const { text } of this.#until.keysOf(arrival.event)) this.#partials.delete(text);
    }
  }

  /** Whether the passing of time alone can complete a sequence. */
  get waits(): boolean {
    return this.#hasTrailing;
  }

  /** Tells the machine the time, before the event of that time is pushed. */
  tick(nowMs: number, emit: Emit): void {
    let due = this.#deadlines.takeDue(nowMs);
    while (due !== undefined) {
      this.#release(due, emit);
      due = this.#deadlines.takeDue(nowMs);
    }
  }

  /**
   * No event will follow. What waits for a missing event is no match: its window is still open, and the event may come
   * after the end of the stream. Elasticsearch, too, gives such a sequence only when its window is over.
   */
  finish(): void {
    for (let rest = this.#deadlines.take(); rest !== undefined; rest = this.#deadlines.take())
      this.#release(rest, () => (this.#openAtEnd += 1));
  }

  /** How many sequences waited for a missing event when the stream ended. */
  get openAtEnd(): number {
    return this.#openAtEnd;
  }

  #start(key: string, arrival: Arrival): PartialSequence {
    const leading = this.#hasLeading ? this.#leading.get(key) : undefined;
    return {
      startMs: arrival.timestampMs,
      timestampMs: arrival.timestampMs,
      handles: [arrival.handle],
      leadingMs: leading && lastBefore(leading, arrival.timestampMs),
      gapMs: undefined,
      spoiled: false,
    };
  }

  #advance(index: number, key: string, arrival: Arrival): PartialSequence | undefined {
    const slots = this.#partials.get(key);
    const partial = slots?.[index - 1];
    if (slots === undefined || partial === undefined) return undefined;
    slots[index - 1] = undefined;
    if (slots.every((slot) => slot === undefined)) this.#partials.delete(key);
    if (arrival.timestampMs - partial.startMs > this.#maxSpanMs) return undefined;
    return {
      ...partial,
      handles: [...partial.handles, arrival.handle],
      timestampMs: arrival.timestampMs,
      gapMs: undefined,
      spoiled: partial.spoiled || (partial.gapMs !== undefined && partial.gapMs < arrival.timestampMs),
    };
  }

  #keep(index: number, key: string, partial: PartialSequence): void {
    const slots = this.#partials.get(key) ?? this.#positives.slice(1).map(() => undefined);
    slots[index] = partial;
    this.#partials.set(key, slots, partial.timestampMs);
  }

  #noteMissing(passed: readonly number[], { event, timestampMs }: Arrival): void {
    for (const { filter, keysOf, gap } of this.#missing) {
      if (!passed.includes(filter)) continue;
      for (const { text } of keysOf(event)) this.#noteMissingIn(gap, text, timestampMs);
    }
  }

  #noteMissingIn(gap: number, key: string, timestampMs: number): void {
    if (gap === leadingGap) {
      this.#leading.set(key, laterTime(this.#leading.get(key), timestampMs), timestampMs);
    } else if (gap === this.#positives.length - 1) {
      const before =
        this.#pending.get(key)?.filter(({ partial }) => timestampMs <= partial.timestampMs) ?? [];
      this.#setPending(key, before);
    } else {
      const partial = this.#partials.get(key)?.[gap];
      if (partial && timestampMs > partial.timestampMs) partial.gapMs ??= timestampMs;
    }
  }

  #complete(key: string, partial: PartialSequence, emit: Emit): void {
    if (partial.spoiled) return;
    const { leadingMs, timestampMs } = partial;
    if (this.#hasLeading && (leadingMs === undefined || timestampMs - leadingMs > this.#maxSpanMs)) {
      emit(partial);
    } else if (this.#hasTrailing) {
      const deadlineMs = (this.#hasLeading ? (leadingMs ?? 0) : partial.startMs) + this.#maxSpanMs;
      const pending = { key, partial };
      this.#setPending(key, [...(this.#pending.get(key) ?? []), pending]);
      this.#deadlines.add(deadlineMs, pending);
      if (this.#deadlines.size > this.#limit) this.#evict();
    } else if (!this.#hasLeading) {
      emit(partial);
    }
  }

  #release(pending: Pending, emit: Emit): void {
    const ofKey = this.#pending.get(pending.key) ?? [];
    if (!ofKey.includes(pending)) return;
    this.#setPending(
      pending.key,
      ofKey.filter((other) => other !== pending),
    );
    emit(pending.partial);
  }

  #evict(): void {
    const oldest = this.#deadlines.take();
    if (oldest !== undefined) this.#release(oldest, () => (this.#evictedPending += 1));
  }

  #setPending(key: string, pending: Pending[]): void {
    if (pending.length === 0) this.#pending.delete(key);
    else this.#pending.set(key, pending);
  }
}

interface Positive {
  readonly filter: number;
  readonly keysOf: KeyReader;
}

interface Missing extends Positive {
  /** Index of the positive stage before the gap. */
  readonly gap: number;
}

const leadingGap = -1;

interface PartialSequence extends Finished {
  readonly startMs: number;
  /** The last missing event before the start. */
  readonly leadingMs: number | undefined;
  /** The first missing event since the last stage. */
  gapMs: number | undefined;
  /** A missing event did occur in an earlier gap. */
  readonly spoiled: boolean;
}

interface Pending {
  readonly key: string;
  readonly partial: PartialSequence;
}

/** Stages with `runs` spelled out, positive and missing ones apart. */
function layOut({ stages }: SequenceQuery): { positives: Positive[]; missing: Missing[] } {
  const positives: Positive[] = [];
  const missing: Missing[] = [];
  for (const [filter, stage] of stages.entries()) {
    const keysOf = keyReader(stage.by);
    if (stage.missing) missing.push({ filter, keysOf, gap: positives.length - 1 });
    else for (let run = 0; run < stage.runs; run++) positives.push({ filter, keysOf });
  }
  return { positives, missing };
}

/** The two latest distinct times: the start of a sequence may share the latest, which then does not count. */
interface LastTimes {
  readonly latestMs: number;
  readonly beforeMs: number | undefined;
}

const laterTime = (times: LastTimes | undefined, nowMs: number): LastTimes =>
  times?.latestMs === nowMs ? times : { latestMs: nowMs, beforeMs: times?.latestMs };

const lastBefore = ({ latestMs, beforeMs }: LastTimes, startMs: number): number | undefined =>
  latestMs < startMs ? latestMs : beforeMs;
