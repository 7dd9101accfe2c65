// Sigma filters: one exclusion for many rules.

import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../../../harness/model/errors.ts';
import { readSigmaFile, resolveSigma, type SigmaOptions } from '../../../../harness/rules/sigma/index.ts';
import { fires, inSigmaNames } from './try-rule.ts';

const rule = (name: string, logsource = 'category: process_creation, product: windows') =>
  `title: ${name}\nname: ${name}\nlogsource: {${logsource}}\ndetection:\n  selection: {Image: evil}\n  condition: selection\n`;
const filter = (
  rules: string,
  condition = 'not selection',
  logsource = 'category: process_creation, product: windows',
) =>
  `title: Filter\nlogsource: {${logsource}}\nfilter:\n  rules: ${rules}\n  selection: {User|startswith: adm_}\n  condition: ${condition}\n`;

function load(texts: readonly string[], options: SigmaOptions = inSigmaNames) {
  const result = resolveSigma(
    texts.map((text, index) => readSigmaFile(`${index}.yml`, text)),
    options,
  );
  return { ...result, said: result.problems.map(formatProblem) };
}

const byAdmin = { Image: 'evil', User: 'adm_1' };
const byOther = { Image: 'evil', User: 'eve' };

describe('applies', () => {
  test.each([
    ['by name', '[one]', true],
    ['by name alone', 'one', true],
    ['to any', 'any', true],
    ['to all', 'all', true],
    ['to an empty list: any', '[]', true],
    ['to another', '[two]', false],
  ])('%s', (_, rules, applies) => {
    const {
      rules: [one],
    } = load([rule('one'), rule('two'), filter(rules)]);
    if (one === undefined) expect.fail();
    expect(fires(one, byOther)).toBe(true);
    expect(fires(one, byAdmin)).toBe(!applies);
  });

  test('where the log source fits', () => {
    const wide = filter('any', 'not selection', 'product: windows');
    const { rules } = load([rule('one'), rule('two', 'category: file_event, product: linux'), wide]);
    expect(rules.map((each) => fires(each, byAdmin))).toEqual([false, true]);
  });

  test('to every condition of a rule, and several filters together', () => {
    const two = rule('one').replace(
      'condition: selection',
      'other: {Image: worse}\n  condition: [selection, other]',
    );
    const second = filter('any').replace('User|startswith: adm_', 'User: root');
    const {
      rules: [one],
    } = load([two, filter('any'), second]);
    if (one === undefined) expect.fail();
    expect(fires(one, { Image: 'worse', User: 'eve' })).toBe(true);
    expect(fires(one, { Image: 'worse', User: 'adm_x' })).toBe(false);
    expect(fires(one, { Image: 'evil', User: 'root' })).toBe(false);
  });

  test('as it is written: without `not` it narrows to what it selects', () => {
    const {
      rules: [one],
      said,
    } = load([rule('one'), filter('any', 'selection')]);
    if (one === undefined) expect.fail();
    expect(fires(one, byAdmin)).toBe(true);
    expect(fires(one, byOther)).toBe(false);
    expect(said).toEqual([
      expect.stringContaining('1.yml:6:14: warning: with this filter its rules match only'),
    ]);
  });

  test('in ECS by the names of the rule', () => {
    const linux = 'category: process_creation, product: linux';
    const {
      rules: [one],
    } = load([rule('one', linux), filter('any', 'not selection', linux)], { fields: 'ecs' });
    if (one === undefined) expect.fail();
    const event = (name: string) => ({
      event: { category: ['process'], action: 'exec' },
      process: { executable: 'evil' },
      user: { name },
    });
    expect(fires(one, event('eve'), 'ecs')).toBe(true);
    expect(fires(one, event('adm_1'), 'ecs')).toBe(false);
  });
});

describe('complains', () => {
  test.each([
    ['no rules', filter('any').replace('  rules: any\n', ''), 'error: the filter names no `rules`'],
    ['an empty list', filter('[]'), 'warning: the list of rules is empty'],
    ['rules of maps', filter('[{a: b}]'), 'error: `rules` wants ids or names'],
    ['no condition', filter('any').replace(/ {2}condition.*\n/, ''), 'error: a condition is missing'],
    ['conditions', filter('any', '[selection, not selection]'), 'error: a filter has one condition'],
    ['no log source', filter('any').replace(/logsource.*\n/, ''), 'error: `logsource` is missing'],
    ['an unknown detection', filter('any', 'not selektion'), 'error: there is no detection `selektion`'],
    ['an unknown rule', filter('[nobody]'), 'warning: no rule `nobody` is loaded'],
    [
      'another log source',
      filter('[one]', 'not selection', 'product: linux'),
      "warning: the log source of `one` is not the filter's",
    ],
  ])('%s', (_, text, message) => {
    const { rules, said } = load([rule('one'), text]);
    expect(said.join('\n')).toContain(message);
    expect(rules).toHaveLength(1);
  });
});
