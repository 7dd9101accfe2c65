// `indexOf(source, substring[, start])`: the first position of a text at or after the start, from 0; null when absent.

import { fold } from '../../match/text.ts';
import { type EqlFunction, position, text } from './function.ts';

export const indexOf: EqlFunction = {
  name: 'indexOf',
  insensitive: true,
  parameters: [
    { name: 'source', type: 'string' },
    { name: 'substring', type: 'string' },
    { name: 'start_pos', type: 'integer', optional: true },
  ],
  repeats: false,
  returns: 'integer',
  apply([source, substring, start], insensitive) {
    const from = position(start) ?? 0;
    const found = insensitive
      ? fold(text(source)).indexOf(fold(text(substring)), from)
      : text(source).indexOf(text(substring), from);
    return found < 0 ? null : BigInt(found);
  },
};
