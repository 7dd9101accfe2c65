// Every function of Elasticsearch's EQL, by name.

import { add, divide, modulo, multiply, subtract } from './arithmetic.ts';
import { between } from './between.ts';
import { cidrMatch } from './cidr-match.ts';
import { concat } from './concat.ts';
import { endsWith } from './ends-with.ts';
import type { EqlFunction } from './function.ts';
import { indexOf } from './index-of.ts';
import { length } from './length.ts';
import { number } from './number.ts';
import { startsWith } from './starts-with.ts';
import { string } from './string.ts';
import { stringContains } from './string-contains.ts';
import { substring } from './substring.ts';
import { wildcard } from './wildcard.ts';

export const functions: readonly EqlFunction[] = [
  add,
  between,
  cidrMatch,
  concat,
  divide,
  endsWith,
  indexOf,
  length,
  modulo,
  multiply,
  number,
  startsWith,
  string,
  stringContains,
  substring,
  subtract,
  wildcard,
];

const byName: ReadonlyMap<string, EqlFunction> = new Map(
  functions.map((known) => [known.name.toLowerCase(), known]),
);

/** The function of that name, in any case. */
export const functionNamed = (name: string): EqlFunction | undefined => byName.get(name.toLowerCase());
