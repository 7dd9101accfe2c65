// What somebody may have meant by a name that is not known.

/** A hint for a message: the name that is nearly the one given, else all that are known. */
export function suggestionFor(name: string, known: readonly string[]): string {
  const close = closestTo(name, known);
  return close === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean \`${close}\`?`;
}

/** The known name that differs by no more than case, separators or two letters; undefined when there is none. */
export function closestTo(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  const byDistance = known
    .map((candidate) => ({ candidate, letters: distance(plain(candidate), wanted) }))
    .filter(({ letters }) => letters <= Math.min(2, wanted.length - 1))
    .sort((a, b) => a.letters - b.letters);
  return byDistance[0]?.candidate;
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '');

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (b[j - 1] === letter ? 0 : 1);
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, substituted));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
