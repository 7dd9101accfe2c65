// Runs many tasks a few at a time, and stops handing out new ones when the run is aborted.

export interface PoolLimits {
  /** Tasks that are at work. */
  readonly busy: number;
  /** Tasks that have begun and have not ended, those that wait for something included. */
  readonly open: number;
}

/** Waits for something that costs no processor: another task is at work meanwhile. */
export type Aside = <Result>(wait: () => Promise<Result>) => Promise<Result>;

/**
 * Runs `work` for every item, in the items' order, within the limits.
 * @returns the results in the items' order; rejects with the first error after the running ones have ended
 */
export async function inPool<Item, Result>(
  items: readonly Item[],
  { busy, open }: PoolLimits,
  signal: AbortSignal,
  work: (item: Item, aside: Aside) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  const queue = items.entries();
  const failures: unknown[] = [];
  const turns = new Turns(busy);
  const aside: Aside = async (wait) => {
    turns.give();
    try {
      return await wait();
    } finally {
      await turns.takeBack();
    }
  };
  const worker = async () => {
    for (;;) {
      await turns.take();
      try {
        const next = signal.aborted || failures.length > 0 ? undefined : queue.next().value;
        if (!next) return;
        const [index, item] = next;
        results[index] = await work(item, aside);
      } catch (error) {
        failures.push(error);
      } finally {
        turns.give();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(open, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
  return results;
}

/** Who may be at work. A task that comes back is let in before one that begins: it has a target that waits. */
class Turns {
  #free: number;
  readonly #back: (() => void)[] = [];
  readonly #fresh: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  take(): Promise<void> {
    return this.#wait(this.#fresh);
  }

  takeBack(): Promise<void> {
    return this.#wait(this.#back);
  }

  give(): void {
    const next = this.#back.shift() ?? this.#fresh.shift();
    if (next) next();
    else this.#free += 1;
  }

  async #wait(queue: (() => void)[]): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => queue.push(resolve));
  }
}
