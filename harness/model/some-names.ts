// A list of names as text, no longer than a reader takes in.

/** `a, b and 7 more`; all of them where there are no more than `most`. */
export const someNames = (names: readonly string[], most: number): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
