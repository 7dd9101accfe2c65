// Tables line up, and give way to a narrow terminal where they may.

import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { ellipsis, layOut, wrap } from '../../../harness/report/table.ts';

const plain = (_style: unknown, text: string) => text;
const columns = [
  { title: 'Case', shrinksTo: 6 },
  { title: 'Rules', align: 'right' as const },
];
const row = (...texts: string[]) => texts.map((text) => ({ text }));

it('aligns columns', () => {
  expect(layOut(columns, [row('at-stdin', '2/2'), row('x', '10/12')], 80, plain)).toEqual([
    '  Case      Rules',
    '  at-stdin    2/2',
    '  x         10/12',
  ]);
});

it('cuts what may shrink, and only that', () => {
  const lines = layOut(columns, [row('a-very-long-name', '1234567')], 18, plain);
  expect(lines[1]).toBe('  a-very…  1234567');
  expect(layOut(columns, [row('a-very-long-name', '1234567')], 5, plain)[1]).toBe('  a-ver…  1234567');
});

it.each([
  ['wide letters', '定时任务'],
  ['emoji, of one and of several code points', '🙂👩‍💻'],
  ['combining marks', 'e\u0301a\u0308'],
  ['plain ones', 'abcd'],
])('lines up columns of a terminal after %s', (_, text) => {
  const [, one, two] = layOut(columns, [row(text, '1'), row('ab', '1')], 80, plain);
  expect(stringWidth(one ?? '')).toBe(stringWidth(two ?? ''));
});

it('counts no colours', () => {
  const paint = (_style: unknown, text: string) => `\u001b[31m${text}\u001b[39m`;
  const [, one, two] = layOut(
    columns,
    [[{ text: 'cd', style: 'red' }, { text: '1' }], row('ab', '1')],
    80,
    paint,
  );
  expect(stripVTControlCharacters(one ?? '')).toHaveLength(two?.length ?? 0);
});

it.each([
  ['定时任务', 5, '定时…'],
  ['定时任务', 6, '定时…'],
  ['定时任务', 8, '定时任务'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ['👩‍💻👩‍💻', 3, '👩‍💻…'],
])('cuts %s to %d columns, between letters', (text, length, cut) => {
  expect(ellipsis(text, length)).toBe(cut);
});

it('wraps at words and leaves long ones whole', () => {
  // The text of a block in YAML ends with a line break, which is printed as a blank.
  expect(wrap('ends with a blank ', 40)).toEqual(['ends with a blank']);
  expect(wrap('one two /a/very/long/path/indeed three', 10)).toEqual([
    'one two',
    '/a/very/long/path/indeed',
    'three',
  ]);
});
