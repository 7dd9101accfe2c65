// `string(value)`: the value as text.

import { toText } from '../value.ts';
import type { EqlFunction } from './function.ts';

export const string: EqlFunction = {
  name: 'string',
  insensitive: false,
  parameters: [{ name: 'value', type: 'any' }],
  repeats: false,
  returns: 'string',
  apply: ([value = null]) => toText(value),
};
