// A YAML file as the rest sees it: its value, and where in the text each part of that stands.

import type { Problem } from '../model/errors.ts';
import type { ProblemText, Source } from '../model/source.ts';

export interface YamlFile {
  source: Source;
  value: unknown;
  /** A problem at the value that a path leads to, or as far down the path as the file goes. */
  problem(path: Path, text: ProblemText): Problem;
  /** The same, at the last key of the path instead of its value. */
  problemAtKey(path: Path, text: ProblemText): Problem;
  /** A scalar as it stands in the file, quotes and escapes undone: `007` where the value is 7. */
  written(path: Path): string | undefined;
}

export type Path = readonly PropertyKey[];
