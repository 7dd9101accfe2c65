// A covering array: few combinations in which any two values of two axes meet at least once. Pure, and always the same.

/** One value of one axis. */
export interface Choice {
  readonly axis: string;
  readonly value: string;
}

/** At most so many combinations of one atomic, unless told otherwise; what is left uncovered beyond them is counted. */
export const mostCombinations = 64;

export interface Covering {
  /** Each with one value of every axis that could be added to it, of two axes at least. */
  readonly rows: readonly (readonly Choice[])[];
  /** How many pairs there are, and how many of them no row has. */
  readonly pairs: number;
  readonly uncovered: number;
  /** How many values of two axes cannot be had together, so that they are no pair: one would undo the other. */
  readonly excluded: number;
}

/**
 * Greedy, one row at a time: the row begins with the first pair that none has yet, and takes of each further axis the
 * value that covers most. Each row covers a pair at least, so that there are never more rows than pairs, nor than `most`.
 * @param axes values by axis, in a stable order
 * @param fits whether two values can be had together
 */
export function coverPairs(
  axes: readonly { readonly axis: string; readonly values: readonly string[] }[],
  fits: (one: Choice, other: Choice) => boolean,
  most: number,
): Covering {
  const choices = axes.map(({ axis, values }) => values.map((value): Choice => ({ axis, value })));
  const open = new Map<string, readonly [Choice, Choice]>();
  let excluded = 0;
  choices.forEach((ones, at) => {
    for (const one of ones) {
      for (const other of choices.slice(at + 1).flat()) {
        if (fits(one, other)) open.set(pairOf(one, other), [one, other]);
        else excluded++;
      }
    }
  });
  const pairs = open.size;
  const rows: Choice[][] = [];
  while (open.size > 0 && rows.length < most) {
    const row = rowFrom([...open.values()][0] as readonly [Choice, Choice], choices, open, fits);
    for (const [at, one] of row.entries()) {
      for (const other of row.slice(at + 1)) open.delete(pairOf(one, other));
    }
    rows.push(row);
  }
  return { rows, pairs, uncovered: open.size, excluded };
}

function rowFrom(
  first: readonly [Choice, Choice],
  choices: readonly (readonly Choice[])[],
  open: ReadonlyMap<string, unknown>,
  fits: (one: Choice, other: Choice) => boolean,
): Choice[] {
  const row: Choice[] = [...first];
  for (const ones of choices) {
    if (row.some(({ axis }) => axis === ones[0]?.axis)) continue;
    let best: { one: Choice; gain: number } | undefined;
    for (const one of ones) {
      if (!row.every((other) => fits(one, other) && fits(other, one))) continue;
      const gain = row.filter((other) => open.has(pairOf(one, other)) || open.has(pairOf(other, one))).length;
      if (gain > 0 && gain > (best?.gain ?? 0)) best = { one, gain };
    }
    if (best) row.push(best.one);
  }
  const order = choices.map((ones) => ones[0]?.axis);
  return row.toSorted((a, b) => order.indexOf(a.axis) - order.indexOf(b.axis));
}

const pairOf = (one: Choice, other: Choice): string =>
  `${one.axis}=${one.value}~${other.axis}=${other.value}`;
