// `match(source, pattern…)`: the function behind the `regex` operator; the whole source must match one pattern.

import { luceneRegexTest, valueRegex } from '../regex-pattern.ts';
import { type EqlFunction, text } from './function.ts';

export const match: EqlFunction = {
  name: 'match',
  insensitive: true,
  parameters: [
    { name: 'source', type: 'string' },
    {
      name: 'reg_exp',
      type: 'string',
      literal(pattern) {
        const matcher = valueRegex(pattern, false);
        return typeof matcher === 'function' ? undefined : matcher;
      },
    },
  ],
  repeats: true,
  returns: 'boolean',
  apply([source, ...patterns], insensitive) {
    return patterns.some((pattern) => {
      const matcher = valueRegex(text(pattern), insensitive);
      return typeof matcher === 'function' && matcher(text(source));
    });
  },
  fieldTest: luceneRegexTest,
};
