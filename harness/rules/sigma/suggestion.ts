// What somebody may have meant by a name that is not known: a hint for the message.

import { closestTo } from '../../model/suggestion.ts';

/** The name that is nearly the one given, else all that are known. */
export function suggestionFor(name: string, known: readonly string[]): string {
  const close = nearestTo(name, known);
  return close === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean \`${close}\`?`;
}

/** Undefined when nothing is close; Sigma's own names are in lower case. */
export const nearestTo = (name: string, known: readonly string[]): string | undefined =>
  closestTo(name, known) ?? closestTo(name.toLowerCase(), known);
