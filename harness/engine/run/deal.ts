// Which groups of cases each shard gets: in turn, or so that all shards take as long.

/** The i-th of n parts of a run, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** What must stay in one shard, and in milliseconds what it takes; null where nobody knows. */
export interface Load<T> {
  readonly group: T;
  readonly ms: number | null;
}

/** Every n-th group. */
export const dealtInTurn = <T>(groups: readonly T[], { index, count }: Shard): T[] =>
  groups.filter((_, at) => at % count === index - 1);

/**
 * The groups of one shard, in their order. The longest are dealt first, each to the shard that has least; what is unknown
 * counts as the median of what is known. Each machine that deals the same loads deals them alike: they are whole
 * numbers, and of equals the earlier group goes first, to the earlier shard.
 */
export function dealtByLoad<T>(loads: readonly Load<T>[], { index, count }: Shard): T[] {
  const known = loads.flatMap(({ ms }) => (ms === null ? [] : [Math.round(ms)])).sort((a, b) => a - b);
  const unknown = known[Math.floor(known.length / 2)] ?? 1;
  const longestFirst = loads
    .map(({ ms }, at) => ({ at, ms: ms === null ? unknown : Math.round(ms) }))
    .sort((a, b) => b.ms - a.ms || a.at - b.at);
  const shards = Array.from({ length: count }, () => 0);
  const mine = new Set<number>();
  for (const { at, ms } of longestFirst) {
    const least = shards.indexOf(Math.min(...shards));
    shards[least] = (shards[least] ?? 0) + ms;
    if (least === index - 1) mine.add(at);
  }
  return loads.flatMap(({ group }, at) => (mine.has(at) ? [group] : []));
}
