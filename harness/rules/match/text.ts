// How values become text and how case is folded: one definition for every test, whatever language asked for it.

/** The text of a value for text tests: strings as they are, numbers and booleans spelled; undefined for the rest. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return undefined;
  }
}

/**
 * Simple Unicode lower case: one code point to one code point, whatever its neighbours are.
 * `toLowerCase` differs for two letters only: İ becomes two code points, and Σ depends on its place in the word.
 */
export function fold(text: string): string {
  return irregular.test(text)
    ? text.replaceAll('\u0130', 'i').replaceAll('\u03a3', '\u03c3').toLowerCase()
    : text.toLowerCase();
}

const irregular = /[\u0130\u03a3]/;
