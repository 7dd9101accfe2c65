// `startsWith(source, substring)`

import { fold } from '../../match/text.ts';
import { type EqlFunction, text } from './function.ts';

export const startsWith: EqlFunction = {
  name: 'startsWith',
  insensitive: true,
  parameters: [
    { name: 'source', type: 'string' },
    { name: 'substring', type: 'string' },
  ],
  repeats: false,
  returns: 'boolean',
  apply([source, substring], insensitive) {
    return insensitive
      ? fold(text(source)).startsWith(fold(text(substring)))
      : text(source).startsWith(text(substring));
  },
  fieldTest: (value, caseless) => ({ op: 'starts-with', value, caseless }),
};
