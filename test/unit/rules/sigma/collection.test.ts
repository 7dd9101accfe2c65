// Rule collections of Sigma 1: documents with a common part become whole rules.

import { expect, it } from 'vitest';
import { parseSigma } from '../../../../harness/rules/sigma/index.ts';
import { fires, inSigmaNames } from './try-rule.ts';

const common = 'action: global\ntitle: Common\nlogsource: {category: process_creation}\n';
const whole = (value: string): string =>
  `title: Own\nlogsource: {category: process_creation}\ndetection:\n  sel: {f: ${value}}\n  condition: sel\n`;
const detection = (value: string): string => `detection:\n  sel: {f: ${value}}\n`;

/** Of each rule its slug, its title, and on which of the values it fires; then the problems, without their places. */
function told(text: string): { rules: string[]; problems: string[] } {
  const { rules, problems } = parseSigma('c.yml', text, inSigmaNames);
  return {
    rules: rules.map((rule) => {
      const seen = ['a', 'b', 'c'].filter((f) => fires(rule, { f, g: 'x' }));
      return `${rule.slug} ${rule.title} ${seen.join('')}`;
    }),
    problems: problems.map(({ place, code }) => `${place.line}:${place.column} ${code}`),
  };
}

it.each<[string, string[], string[], string[]]>([
  [
    'a common part',
    [`${common}detection: {condition: sel}\n`, detection('a'), detection('b')],
    ['c Common a', 'c-2 Common b'],
    ['1:1 sigma/collection', '1:1 sigma/collection'],
  ],
  [
    'two common parts, the later with other words',
    [common, 'action: global\ntitle: Other\ndetection: {condition: sel}\n', detection('a')],
    ['c Other a'],
    ['5:1 sigma/collection'],
  ],
  [
    'a common part that is over',
    [common, `${detection('a')}  condition: sel\n`, 'action: reset\n', whole('b')],
    ['c Common a', 'c-2 Own b'],
    ['1:1 sigma/collection'],
  ],
  [
    'a repetition with other words',
    [whole('a'), `action: repeat\ntitle: Again\ndetection:\n  sel: {f: b, g: x}\n`],
    ['c Own a', 'c-2 Again b'],
    ['7:1 sigma/collection'],
  ],
  ['whole rules', [whole('a'), whole('[b, c]')], ['c Own a', 'c-2 Own bc'], []],
])('%s', (_, documents, rules, problems) => {
  expect(told(documents.join('---\n'))).toEqual({ rules, problems });
});

it('has problems of a merged rule where they stand', () => {
  const text = [`${common}detection: {condition: sle}\n`, detection('a')].join('---\n');
  expect(told(text)).toEqual({
    rules: [],
    problems: ['1:1 sigma/collection', '4:24 sigma/unknown-detection'],
  });
});
