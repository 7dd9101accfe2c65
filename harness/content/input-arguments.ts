// The input arguments of an atomic: what they are when nobody says otherwise, and which ones a text asks for.

import type { Atomic } from '../model/atomic.ts';

/** The default of every input argument: what a run starts from. */
export const defaultInputs = (inputs: Atomic['inputs']): Record<string, string> =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default]));

/** Names that a text refers to as `#{name}`, each once, in order of appearance. */
export const referencedInputs = (text: string): string[] => [
  ...new Set([...text.matchAll(/#\{(.*?)\}/g)].map((match) => match[1] as string)),
];
