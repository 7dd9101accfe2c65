// How long a text may be for a backtracking engine to be done with a pattern in bounded time: a proof, not a guess.

import type { Regex } from './regex-syntax.ts';

/**
 * The longest text on which JavaScript's engine takes at most `steps` steps, or 0 when that cannot be shown.
 *
 * A backtracking engine tries at most every way to match from every start. Each choice multiplies the ways by the
 * number of its alternatives, each repeat that is bounded by the number of its counts, each unbounded one by the
 * length of the text; provided that what is repeated without bound can match in one way only and with one length,
 * for otherwise the ways multiply with every round. So there are at most ways × length ^ (unbounded repeats), times
 * length for the starts, times the size of the pattern for the steps of each way.
 */
export function longestSafeText(regex: Regex, steps: number): number {
  const cost = costOf(regex);
  if (cost === undefined) return 0;
  const perWay = cost.ways * cost.size;
  return Math.floor((steps / perWay) ** (1 / (cost.unbounded + 1)));
}

interface Cost {
  /** Number of ways apart from the unbounded repeats. */
  readonly ways: number;
  /** How many unbounded repeats can follow each other. */
  readonly unbounded: number;
  readonly size: number;
  /** Length of the match when it is the same for every match. */
  readonly length: number | undefined;
}

/** Undefined when there is no bound of that form. */
function costOf(regex: Regex): Cost | undefined {
  switch (regex.kind) {
    case 'char':
    case 'class':
    case 'any':
      return { ways: 1, unbounded: 0, size: 1, length: 1 };
    case 'assertion':
      return { ways: 1, unbounded: 0, size: 1, length: 0 };
    case 'sequence':
      return combine(regex.of, (a, b) => ({
        ways: a.ways * b.ways,
        unbounded: a.unbounded + b.unbounded,
        size: a.size + b.size,
        length: a.length === undefined || b.length === undefined ? undefined : a.length + b.length,
      }));
    case 'choice':
      return combine(regex.of, (a, b) => ({
        ways: a.ways + b.ways,
        unbounded: Math.max(a.unbounded, b.unbounded),
        size: a.size + b.size,
        length: a.length === b.length ? a.length : undefined,
      }));
    case 'repeat':
      return repeatCost(regex);
  }
}

function combine(parts: readonly Regex[], join: (a: Cost, b: Cost) => Cost): Cost | undefined {
  let total: Cost | undefined;
  for (const part of parts) {
    const cost = costOf(part);
    if (cost === undefined) return undefined;
    total = total === undefined ? cost : join(total, cost);
  }
  return total ?? { ways: 1, unbounded: 0, size: 1, length: 0 };
}

function repeatCost({ of, min, max }: Extract<Regex, { kind: 'repeat' }>): Cost | undefined {
  const cost = costOf(of);
  if (cost === undefined) return undefined;
  const { ways, unbounded, size, length } = cost;
  const isSimple = ways === 1 && unbounded === 0 && length !== undefined && length > 0;
  if (isSimple) {
    return max === Number.POSITIVE_INFINITY
      ? { ways: 1, unbounded: 1, size: size * (min + 1), length: undefined }
      : {
          ways: max - min + 1,
          unbounded: 0,
          size: size * max,
          length: min === max ? length * max : undefined,
        };
  }
  if (max > 16) return undefined;
  return {
    ways: ways ** max * (max - min + 1),
    unbounded: unbounded * max,
    size: size * max,
    length: min === max && length !== undefined ? length * max : undefined,
  };
}
