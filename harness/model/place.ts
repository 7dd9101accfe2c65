// Where in a text something stands: what every problem about content names.

export interface Place {
  /** Path of the file, as the user gave it; `<query>` and the like for text that has no file. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 code units. */
  column: number;
}

/** `file:line:column`, the form that terminals and editors turn into links. */
export const formatPlace = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;
