// `number(string[, base])`: the number that a text spells; `0x` in front means base 16 unless another base is given.

import { parseNumber } from '../value.ts';
import { type EqlFunction, position, text } from './function.ts';

export const number: EqlFunction = {
  name: 'number',
  insensitive: false,
  parameters: [
    { name: 'string', type: 'string' },
    { name: 'base_num', type: 'integer', optional: true, nullable: true },
  ],
  repeats: false,
  returns: 'number',
  apply([value, base]) {
    const digits = text(value);
    const hasPrefix = digits.startsWith('0x');
    const radix = position(base) ?? (hasPrefix ? 16 : 10);
    if (radix === 10) return parseNumber(digits);
    return parseInteger(hasPrefix && radix === 16 ? digits.slice(2) : digits, radix);
  },
};

/** Null unless every digit belongs to the base; text that is no number gives null rather than a failed search. */
function parseInteger(digits: string, radix: number): bigint | null {
  const [, sign, magnitude = ''] = /^([+-]?)([0-9a-z]+)$/i.exec(digits) ?? [];
  if (sign === undefined || radix < 2 || radix > 36) return null;
  let value = 0n;
  for (const digit of magnitude) {
    const worth = Number.parseInt(digit, 36);
    if (worth >= radix) return null;
    value = value * BigInt(radix) + BigInt(worth);
  }
  return sign === '-' ? -value : value;
}
