// Did-you-mean: the known word that a mistyped one is closest to.

/**
 * The candidate that is at most a third of its letters away from the word.
 * @returns undefined when nothing is close
 */
export function closestTo(word: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = candidate.startsWith(word) && word.length > 2 ? 1 : editDistance(word, candidate);
    const tolerance = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance <= tolerance && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { candidate, distance };
    }
  }
  return best?.candidate;
}

/** What to say about a name that is none of the known ones: which was likely meant, or else all of them. */
export function suggestion(word: string, known: readonly string[], title: string): string {
  const closest = closestTo(word, known);
  return closest === undefined ? `${title}: ${known.join(', ')}.` : `Did you mean ${closest}?`;
}

/** Optimal string alignment: insertions, deletions, replacements and swapped neighbours cost one each. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const at = (line: number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY;
      const replaced = at(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
          ? at(beforeLast, column - 2) + 1
          : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, swapped, at(last, column) + 1, at(current, column - 1) + 1));
    }
    [beforeLast, last] = [last, current];
  }
  return last.at(-1) ?? 0;
}
