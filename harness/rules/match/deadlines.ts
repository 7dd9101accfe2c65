// What waits for a point in time, in the order of these times.

/** A queue by deadline. Deadlines mostly come in order: then every operation takes constant time. */
export class Deadlines<Item> {
  #entries: { readonly deadlineMs: number; readonly item: Item }[] = [];
  /** Entries before are gone; they are cut off once they are the greater part. */
  #first = 0;

  get size(): number {
    return this.#entries.length - this.#first;
  }

  add(deadlineMs: number, item: Item): void {
    let at = this.#entries.length;
    while (at > this.#first && (this.#entries[at - 1]?.deadlineMs ?? 0) > deadlineMs) at -= 1;
    if (at === this.#entries.length) this.#entries.push({ deadlineMs, item });
    else this.#entries.splice(at, 0, { deadlineMs, item });
  }

  /** The next item whose deadline is over at this time; it is out of the queue. */
  takeDue(nowMs: number): Item | undefined {
    const entry = this.#entries[this.#first];
    return entry !== undefined && nowMs > entry.deadlineMs ? this.take() : undefined;
  }

  /** The item with the earliest deadline; it is out of the queue. */
  take(): Item | undefined {
    const entry = this.#entries[this.#first];
    if (entry === undefined) return undefined;
    this.#first += 1;
    if (this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    return entry.item;
  }
}
