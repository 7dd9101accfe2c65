// `stringContains(source, substring)`; an empty substring is contained in nothing.

import { fold } from '../../match/text.ts';
import { type EqlFunction, text } from './function.ts';

export const stringContains: EqlFunction = {
  name: 'stringContains',
  insensitive: true,
  parameters: [
    { name: 'source', type: 'string' },
    { name: 'substring', type: 'string' },
  ],
  repeats: false,
  returns: 'boolean',
  apply([source, substring], insensitive) {
    if (substring === '') return false;
    return insensitive
      ? fold(text(source)).includes(fold(text(substring)))
      : text(source).includes(text(substring));
  },
  fieldTest: (value, caseless) =>
    value === ''
      ? { op: 'regex', source: nothing, flags: '', whole: true }
      : { op: 'contains', value, caseless },
};

/** RE2 for a character that does not exist. */
const nothing = '[^\\x00-\\x{10FFFF}]';
