// Two looks at the same target put together: what was scheduled and has run already stays known.

import type { Inventory } from './inventory.ts';

/** The later look wins where both saw the same schedule or file. */
export const mergeInventories = (earlier: Inventory, later: Inventory): Inventory => ({
  takenAt: later.takenAt,
  schedules: mergeBy(earlier.schedules, later.schedules, ({ id }) => id),
  files: mergeBy(earlier.files, later.files, ({ path }) => path),
  // What is now, not what was.
  ...(later.folders ? { folders: later.folders } : {}),
  ...(later.zones ? { zones: later.zones } : {}),
  ...(earlier.copies || later.copies
    ? { copies: mergeBy(earlier.copies ?? [], later.copies ?? [], ({ path }) => path) }
    : {}),
  problems: [...new Set([...earlier.problems, ...later.problems])],
});

function mergeBy<Item>(
  earlier: readonly Item[],
  later: readonly Item[],
  key: (item: Item) => string,
): Item[] {
  const merged = new Map(earlier.map((item) => [key(item), item]));
  for (const item of later) merged.set(key(item), item);
  return [...merged.values()];
}
