// `wildcard(source, pattern…)`: the function behind the `like` operator.

import { textTester } from '../../match/value-test.ts';
import { wildcardTest } from '../wildcard-pattern.ts';
import { type EqlFunction, text } from './function.ts';

export const wildcard: EqlFunction = {
  name: 'wildcard',
  insensitive: true,
  parameters: [
    { name: 'source', type: 'string' },
    { name: 'pattern', type: 'string', literal: () => undefined },
  ],
  repeats: true,
  returns: 'boolean',
  apply([source, ...patterns], insensitive) {
    return patterns.some((pattern) => textTester(wildcardTest(text(pattern), insensitive))(text(source)));
  },
  fieldTest: wildcardTest,
};
