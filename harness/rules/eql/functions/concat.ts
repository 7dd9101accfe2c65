// `concat(value…)`: the texts of all values, one after the other.

import { toText } from '../value.ts';
import type { EqlFunction } from './function.ts';

export const concat: EqlFunction = {
  name: 'concat',
  insensitive: false,
  parameters: [{ name: 'value', type: 'any' }],
  repeats: true,
  returns: 'string',
  apply: (values) => values.map(toText).join(''),
};
