// YAML as text from anywhere: hostile, broken, unusual; each with a clear problem and in little time.

import { describe, expect, test } from 'vitest';
import { parseSigma } from '../../../../harness/rules/sigma/index.ts';
import { processorMs } from '../../processor-time.ts';
import { detects, fires, inSigmaNames, problemsOf, ruleText, usable } from './try-rule.ts';

const rule = ruleText('sel: {f: a}\ncondition: sel');

describe('refused', () => {
  test.each([
    ['nothing', '', '1:1: error: the file holds no rule'],
    ['comments only', '# nothing\n', '1:1: error: the file holds no rule'],
    ['a list', '- a\n', '1:1: error: expected a rule, got a list'],
    ["Falco's rules", '- list: a\n  items: [b]\n- rule: c\n', 'These are rules of Falco'],
    ['a scalar', 'hello\n', '1:1: error: expected a rule, got the string `hello`'],
    ['bad indentation', 'title: a\n b: c\n', 'not well-formed YAML'],
    ['an open quote', "title: 'a\n", 'not well-formed YAML'],
    ['a tab', 'a:\n\tb: c\n', 'not well-formed YAML'],
    [
      'duplicate keys',
      `${rule}title: again\n`,
      '6:1: error: the key `title` occurs twice; it was first used in line 1',
    ],
    [
      'duplicate detections',
      ruleText('sel: {f: a}\nsel: {f: b}\ncondition: sel'),
      'the key `sel` occurs twice',
    ],
    ['an unknown anchor', 'title: *a\n', 'error: '],
    ['a tag', 'title: !secret a\n', 'not well-formed YAML: Unresolved tag'],
    ['a complex key', '? [a]\n: b\n', 'a key must be a plain word or a string'],
    [
      'an old collection without a rule',
      'action: global\ntitle: a\n',
      'a common part (`action: global`) without a rule',
    ],
    [
      'an unknown action',
      `${rule}action: gobal\n`,
      '`action` (Sigma 1 rule collections) is `global`, `reset` or',
    ],
    [
      'no detection',
      'title: a\nlogsource: {product: linux}\n',
      'none of `detection`, `correlation` and `filter`',
    ],
    ['no log source', rule.replace(/logsource.*\n/, ''), '`logsource` is missing'],
    [
      'an empty log source',
      rule.replace(/\{category.*\}/, '{}'),
      '`logsource` names no product, category or service',
    ],
    ['a log source of text', rule.replace(/\{category.*\}/, 'linux'), '`logsource` wants a map'],
    ['a foreign taxonomy', `${rule}taxonomy: ocsf\n`, 'the taxonomy `ocsf` is not known'],
    [
      'a detection of text',
      'title: a\nlogsource: {product: linux}\ndetection: a\n',
      '`detection` wants a map',
    ],
  ])('%s', (_, text, message) => {
    const problems = problemsOf(text);
    expect(problems.join('\n')).toContain(message);
    expect(parseSigma('test.yml', text, inSigmaNames).rules).toEqual([]);
    expect(parseSigma('test.yml', text, inSigmaNames).unusable).toHaveLength(1);
  });
});

test.each([
  ['a tab', 'a:\n\tb: c\n', '2:1', 'Indent with spaces.'],
  ['a path in double quotes', 'title: "C:\\Windows"\n', '1:11', 'Put the text in single quotes'],
  ['a percent sign', 'title: %a%\n', '1:8', 'Put the value in single quotes.'],
  ['a star', 'a:\n  b: *.exe\n', '2:6', 'Put the value in single quotes if the star is a wildcard.'],
  ['a colon', 'title: Cron: a job\n', '1:8', 'wants quotes'],
  ['a quote that is never closed', "a:\n  b: 'c\nd: e\n", '2:6', ''],
  ['another key', rule.replace('detection', 'detections'), '3:1', 'Did you mean `detection`?'],
  ['capitals', rule.replace('detection', 'Detection'), '3:1', 'Did you mean `detection`?'],
  [
    'a key of the log source',
    rule.replace('category', 'catagory').replace(', product', ', x'),
    '2:13',
    'Did you mean `category`?',
  ],
  ['an operator', rule.replace('condition: sel', 'condition: sel && !sel'), '5:18', 'Sigma writes `and`'],
  ['another operator', rule.replace('condition: sel', 'condition: sel || sel'), '5:18', 'Sigma writes `and`'],
  ['a bang', rule.replace('condition: sel', "condition: '!sel'"), '5:15', 'Sigma writes `and`'],
  ['a space', rule.replace('{f: a}', '{f |contains: a}'), '4:9', 'Leave the space out.'],
])('what to do: %s', (_, text, place, hint) => {
  const problems = problemsOf(text);
  expect(problems).toContainEqual(expect.stringMatching(new RegExp(`^test.yml:${place}: `)));
  expect(problems.join('\n')).toContain(hint);
});

describe('hostile', () => {
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const bomb = `a0: &a0 [x, x]\n${lines(30, (index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`)}\n`;
  test.each([
    ['aliases that double thirty times', bomb, 'more than 200000 nodes'],
    ['an alias of itself', 'a: &a\n  b: *a\n', 'nested too deeply'],
    ['a hundred levels', `${lines(100, (index) => `${' '.repeat(index)}a:`)}\n`, 'nested too deeply'],
    ['brackets', '[ {'.repeat(300_000), 'nested too deeply'],
    ['closed brackets', `a: ${'['.repeat(1_000)}${']'.repeat(1_000)}`, 'nested too deeply'],
    ['lists in lists', '- '.repeat(400_000), 'nested too deeply'],
    ['a file of seventeen million characters', 'x'.repeat(17_000_000), 'at most 16000000 are read'],
    ['a document of two million characters', 'x'.repeat(2_000_000), 'at most 1000000 are read'],
    ['as many aliases', `a: &a x\nb:\n${lines(50_000, () => ' - *a')}\nc: d\n`, 'none of `detection`'],
    ['as many keys', lines(50_000, (index) => `k${index}: 1`), 'none of `detection`'],
    ['errors without end', lines(20_000, () => 'a: b: c'), 'not well-formed'],
    ['binary', '\u0000\u0001\u0002', 'error:'],
  ])('%s', (_, text, message) => {
    let problems: string[] = [];
    const spent = processorMs(() => {
      problems = problemsOf(text);
    });
    expect(spent).toBeLessThan(30_000);
    expect(problems.join('\n')).toContain(message);
    expect(problems.length).toBeLessThan(10);
    expect(Math.max(...problems.map((problem) => problem.length))).toBeLessThan(2_000);
  });

  test('keys that objects have already', () => {
    const detection = 'sel: {__proto__: a, constructor: b, toString|contains: c}\ncondition: sel';
    const event = JSON.parse('{"__proto__": "a", "constructor": "b", "toString": "c"}');
    expect(detects(detection, event)).toBe(true);
    expect(detects(detection, {})).toBe(false);
    expect(problemsOf(ruleText('__proto__: {f: a}\ncondition: __proto__ and constructor')).join()).toContain(
      'there is no detection `constructor`',
    );
  });
});

describe('taken as it is', () => {
  test('Windows line ends and a byte order mark', () => {
    expect(fires(usable(`\ufeff${rule.replaceAll('\n', '\r\n')}`), { f: 'a' })).toBe(true);
  });

  test('anchors, aliases and merge keys', () => {
    const detection = 'a: &a {f: x}\nb:\n  <<: *a\n  g: y\nc: *a\ncondition: b and c';
    expect(detects(detection, { f: 'x', g: 'y' })).toBe(true);
    expect(detects(detection, { g: 'y' })).toBe(false);
  });

  test('block scalars and quotes', () => {
    expect(detects('sel:\n  f: |-\n    a\n    b\ncondition: sel', { f: 'a\nb' })).toBe(true);
    expect(detects('sel:\n  f: "a\\tb"\ncondition: sel', { f: 'a\tb' })).toBe(true);
    expect(detects("sel:\n  f: 'it''s'\ncondition: sel", { f: "it's" })).toBe(true);
  });

  test('several documents, good beside bad', () => {
    const { rules, unusable } = parseSigma('many.yml', `${rule}---\ntitle: bad\n---\n${rule}`, inSigmaNames);
    expect(rules.map(({ slug }) => slug)).toEqual(['many', 'many-3']);
    expect(unusable.map(({ title }) => title)).toEqual(['bad']);
  });

  test('places in a later document', () => {
    const text = `${rule}---\n# more\n${rule.replace('condition: sel', 'condition: sal')}`;
    expect(problemsOf(text)[0]).toContain('test.yml:12:14: error: there is no detection `sal`');
    expect(problemsOf(text.replace('{f: a}\n  condition: sal', "'*\n  condition: sal"))[0]).toContain(
      'test.yml:11:8:',
    );
  });

  test('a text that looks like the start of a document, and directives', () => {
    const { rules } = parseSigma(
      'x.yml',
      `%YAML 1.2\n---\n${rule}description: |\n  ---\n  a\n`,
      inSigmaNames,
    );
    expect(rules.map(({ description }) => description)).toEqual(['---\na']);
  });

  test('all rules of a project in one file', () => {
    const text = `${rule}description: ${'long '.repeat(1_000)}\n---\n`.repeat(1_000);
    expect(text.length).toBeGreaterThan(5_000_000);
    expect(parseSigma('x.yml', text, inSigmaNames).rules).toHaveLength(1_000);
  });

  test('a broken document leaves the others', () => {
    const { rules, unusable } = parseSigma('many.yml', `${rule}---\na: b: c\n---\n${rule}`, inSigmaNames);
    expect(rules).toHaveLength(2);
    expect(unusable).toHaveLength(1);
  });
});
