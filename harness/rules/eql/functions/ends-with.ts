// `endsWith(source, substring)`

import { fold } from '../../match/text.ts';
import { type EqlFunction, text } from './function.ts';

export const endsWith: EqlFunction = {
  name: 'endsWith',
  insensitive: true,
  parameters: [
    { name: 'source', type: 'string' },
    { name: 'substring', type: 'string' },
  ],
  repeats: false,
  returns: 'boolean',
  apply([source, substring], insensitive) {
    return insensitive
      ? fold(text(source)).endsWith(fold(text(substring)))
      : text(source).endsWith(text(substring));
  },
  fieldTest: (value, caseless) => ({ op: 'ends-with', value, caseless }),
};
