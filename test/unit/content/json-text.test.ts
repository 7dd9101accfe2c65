// JSON from outside: what it may not hold is found however it is written.

import { expect, it } from 'vitest';
import { parseJson } from '../../../harness/content/json-text.ts';

const nested = (levels: number, open: string, close: string) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

it.each([
  ['{"a":{"__proto__":1}}', 'expected no key `__proto__`'],
  ['{"a":{"__pr\\u006fto__":1}}', 'expected no key `__proto__`'],
  ['{"\\u005f_proto__":{}}', 'expected no key `__proto__`'],
  [nested(66, '[', ']'), 'expected at most 64 levels'],
  [nested(66, '{"a":', '}'), 'expected at most 64 levels'],
  [nested(33, '{"a":[', ']}'), 'expected at most 64 levels'],
])('refuses %s', (text, message) => {
  expect(parseJson(text)).toMatchObject({ fault: { message: expect.stringContaining(message) } });
});

it.each([
  '{"a":"__proto__"}',
  '{"a":"\\u0041 [[[[ {{{{"}',
  JSON.stringify({ text: '[{'.repeat(100), wide: Array.from({ length: 100 }, () => [{}]) }),
  nested(60, '[', ']'),
])('takes %s', (text) => {
  expect(parseJson(text)).toEqual({ value: JSON.parse(text) });
});
