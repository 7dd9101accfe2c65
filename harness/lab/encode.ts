// What is sent to a page, as JSON: no text in it is longer than a page shows.

/** The evidence has the whole. */
const longest = 4_000;

export const encoded = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'string' && each.length > longest
      ? `${each.slice(0, longest)}… (${each.length} characters)`
      : each,
  );
