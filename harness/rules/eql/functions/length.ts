// `length(string)`: its length in UTF-16 code units, as Java counts.

import { type EqlFunction, text } from './function.ts';

export const length: EqlFunction = {
  name: 'length',
  insensitive: false,
  parameters: [{ name: 'string', type: 'string' }],
  repeats: false,
  returns: 'integer',
  apply: ([value]) => BigInt(text(value).length),
};
