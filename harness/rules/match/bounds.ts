// How much the engine may remember between events, and the map that keeps to it.

/** Limits of one session; every one is per rule. */
export interface Bounds {
  /** Join keys or groups with something pending: beyond, those longest untouched are forgotten. */
  readonly keys: number;
  /** Entries in one window of a correlation: beyond, the oldest are forgotten. */
  readonly windowEntries: number;
}

export const defaultBounds: Bounds = { keys: 100_000, windowEntries: 10_000 };

/**
 * A map of two generations: what is touched lives in the young one; when that is full (or old enough), it becomes
 * the old generation and the former old one is dropped. So at most `limit` entries live, every operation is O(1),
 * and what is dropped has not been touched for at least `limit / 2` other keys.
 */
export class BoundedMap<Value> {
  /** Entries dropped because of the limit, not of their age. */
  evicted = 0;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #youngSinceMs = Number.NEGATIVE_INFINITY;
  readonly #limit: number;
  readonly #lifetimeMs: number;

  /** Entries untouched for longer than `lifetimeMs` are of no use to the caller any more. */
  constructor(limit: number, lifetimeMs = Number.POSITIVE_INFINITY) {
    this.#limit = Math.max(1, Math.ceil(limit / 2));
    this.#lifetimeMs = lifetimeMs;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: string): Value | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  set(key: string, value: Value, nowMs: number): void {
    if (nowMs - this.#youngSinceMs > this.#lifetimeMs) {
      this.#turn(nowMs);
    } else if (this.#young.size >= this.#limit && !this.#young.has(key)) {
      this.evicted += this.#old.size - (this.#old.has(key) ? 1 : 0);
      this.#turn(nowMs);
    }
    this.#old.delete(key);
    this.#young.set(key, value);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  *values(): Generator<Value> {
    yield* this.#old.values();
    yield* this.#young.values();
  }

  #turn(nowMs: number): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngSinceMs = nowMs;
  }
}
