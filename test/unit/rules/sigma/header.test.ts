// What a rule says about itself.

import { expect, test } from 'vitest';
import { parseSigma } from '../../../../harness/rules/sigma/index.ts';
import { inSigmaNames, problemsOf, ruleText, usable } from './try-rule.ts';

const rule = ruleText('sel: {f: a}\ncondition: sel');

test('everything that reports need', () => {
  const text = `${rule}id: 0e95725d-7320-415d-80f7-004da920fc11
description: |
  Two
  lines
level: high
status: experimental
tags: [attack.persistence, attack.t1053.003, ATTACK.T1053, attack.t1053.003, cve.2024-1, attack.s0111]
falsepositives:
  - Admins
related: [{id: x, type: derived}]
scope: [server]
license: MIT
simulation: [{type: atomic-red-team}]
custom: {anything: [goes]}
`;
  expect(usable(text)).toMatchObject({
    id: '0e95725d-7320-415d-80f7-004da920fc11',
    slug: 'test',
    title: 'Test',
    description: 'Two\nlines',
    level: 'high',
    language: 'sigma',
    file: 'test.yml',
    techniques: ['T1053.003', 'T1053'],
    falsePositives: ['Admins'],
    source: { kind: 'logsource', product: 'linux', category: 'process_creation' },
  });
  expect(problemsOf(text)).toEqual([]);
});

test('no more than needed', () => {
  expect(usable(rule)).toMatchObject({ id: 'test', techniques: [], falsePositives: [] });
  expect(usable(`${rule}falsepositives: None\n`).falsePositives).toEqual(['None']);
});

test.each([
  [rule.replace('title: Test\n', ''), 'the rule has no title'],
  [`${rule}level: severe\n`, '`severe` is not a level'],
  [`${rule}tags: {a: b}\n`, '`tags` wants texts, got a map'],
  [`${rule}description: [a]\n`, '`description` wants text, got a list'],
])('warned about: %j', (text, message) => {
  expect(problemsOf(text)).toEqual([expect.stringContaining(`warning: ${message}`)]);
  usable(text);
});

test('the slug is the file name, whatever the path', () => {
  for (const file of ['a/b/some_rule.yml', 'C:\\rules\\some_rule.yaml', 'some_rule.YML']) {
    expect(parseSigma(file, rule, inSigmaNames).rules[0]?.slug).toBe('some_rule');
  }
});

test('two rules with one id', () => {
  const text = `${rule}id: same\n---\n${rule}id: same\n`;
  const { rules, problems } = parseSigma('x.yml', text, inSigmaNames);
  expect(rules.map(({ id }) => id)).toEqual(['same', 'same-2']);
  expect(problems.map(({ code }) => code)).toEqual(['sigma/duplicate-id']);
});
