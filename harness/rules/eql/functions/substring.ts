// `substring(source, start[, end])`: a part of a text; negative positions count from its end.

import { type EqlFunction, position, text } from './function.ts';

export const substring: EqlFunction = {
  name: 'substring',
  insensitive: false,
  parameters: [
    { name: 'source', type: 'string' },
    { name: 'start_pos', type: 'integer', nullable: true },
    { name: 'end_pos', type: 'integer', optional: true, nullable: true },
  ],
  repeats: false,
  returns: 'string',
  apply([source, start, end]) {
    const from = position(start);
    return from === undefined ? text(source) : text(source).slice(from, position(end));
  },
};
