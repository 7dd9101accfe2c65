// What stands for the placeholders of Sigma rules: the values of all files that were given, and those given one by one.

import { readPlaceholderFile } from '../content/placeholder-file.ts';
import type { PlaceholderRequest, Placeholders } from './request.ts';

/**
 * The values by name, those of files first.
 * @throws ContentError for a file that cannot be used
 */
export function placeholderValues({ placeholders, placeholderFiles }: PlaceholderRequest): Placeholders {
  const given = [...placeholderFiles.map(readPlaceholderFile), placeholders];
  const values = new Map<string, string[]>();
  for (const [name, more] of given.flatMap((each) => Object.entries(each)))
    values.set(name, [...(values.get(name) ?? []), ...more]);
  return Object.fromEntries(values);
}
