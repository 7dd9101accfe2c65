// Conditions: precedence, quantifiers, what is refused and where.

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatProblem } from '../../../../harness/model/errors.ts';
import { sourceOf } from '../../../../harness/model/source.ts';
import type { Condition } from '../../../../harness/rules/sigma/ast.ts';
import { parseCondition } from '../../../../harness/rules/sigma/condition.ts';
import { printCondition } from '../../../../harness/rules/sigma/print.ts';
import { reportOn } from '../../../../harness/rules/sigma/report.ts';
import { detects, problemsOf, ruleText } from './try-rule.ts';

function parse(text: string): { condition: Condition | undefined; problems: string[] } {
  const source = sourceOf('c.yml', text);
  const report = reportOn(source);
  const condition = parseCondition(text, source.place, report);
  return { condition, problems: report.problems.map(formatProblem) };
}

/** Explicit parentheses: how a condition was understood. */
function shape(condition: Condition): string {
  switch (condition.kind) {
    case 'name':
      return condition.name;
    case 'quantified':
      return `${condition.atLeast} of ${condition.pattern}`;
    case 'not':
      return `!${shape(condition.of)}`;
    case 'and':
    case 'or':
      return `(${condition.of.map(shape).join(condition.kind === 'and' ? ' & ' : ' | ')})`;
  }
}

describe('precedence', () => {
  test.each([
    ['a', 'a'],
    ['a or b and c', '(a | (b & c))'],
    ['a and b or c', '((a & b) | c)'],
    ['not a and b', '(!a & b)'],
    ['not a or b', '(!a | b)'],
    ['not (a or b)', '!(a | b)'],
    ['not not a', '!!a'],
    ['a and not b and not c', '(a & !b & !c)'],
    ['a or b or c', '(a | b | c)'],
    ['a and (b and c)', '(a & (b & c))'],
    ['((a))', 'a'],
    ['(a)or(b)', '(a | b)'],
    ['not 1 of filter_*', '!1 of filter_*'],
    ['a and not 1 of filter_* or all of sel*', '((a & !1 of filter_*) | all of sel*)'],
    ['any of them', '1 of them'],
    ['ALL OF THEM AND NOT a OR b', '((all of them & !a) | b)'],
    ['3 of *_x*', '3 of *_x*'],
    ['selection-1 and sel.2', '(selection-1 & sel.2)'],
    ['1 and 2', '(1 & 2)'],
    ['  a\n  and b\t', '(a & b)'],
  ])('%s → %s', (text, expected) => {
    const { condition, problems } = parse(text);
    expect(problems).toEqual([]);
    expect(condition && shape(condition)).toBe(expected);
  });
});

describe('refused', () => {
  test.each([
    ['', 1, 'the condition is empty'],
    ['a and', 6, 'expected the name of a detection, got the end'],
    ['a b', 3, 'expected `and`, `or` or the end, got `b`'],
    ['(a or b', 1, 'never closed'],
    ['a)', 2, 'expected `and`, `or` or the end, got `)`'],
    ['(a b)', 4, 'expected `and`, `or` or `)`, got `b`'],
    ['and a', 1, 'expected the name of a detection, got `and`'],
    ['not', 4, 'got the end'],
    ['sel*', 1, 'not the name of a detection'],
    ['0 of them', 1, 'expected a number from 1'],
    ['some of them', 1, 'expected a number from 1'],
    ['1 of', 5, 'expected `them` or a pattern'],
    ['1 of (a)', 6, 'expected `them` or a pattern'],
    ['a | count() by b > 5', 3, 'type: event_count'],
    ['a | count(b) > 5', 3, 'type: value_count'],
    ['a | sum(b) > 5', 3, 'type: value_sum'],
    ['a | near a', 3, 'type: temporal'],
    ['a and $b', 7, 'not the name of a detection'],
  ])('%j at column %i: %s', (text, column, message) => {
    const { condition, problems } = parse(text);
    expect(condition).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`c.yml:1:${column}: error:`);
    expect(problems[0]).toContain(message);
  });

  it('says where in a folded condition', () => {
    const text = ruleText('a: {x: 1}\ncondition: >\n  a\n  and ( a\n  or b )');
    expect(problemsOf(text)[0]).toContain('test.yml:8:8: error: there is no detection `b`');
  });

  it('survives hostile text', () => {
    expect(parse('('.repeat(50_000)).problems[0]).toContain('more than 5000 words');
    expect(parse(`${'('.repeat(2_000)}a`).problems[0]).toContain('nested too deeply');
    expect(parse(`${'not '.repeat(2_000)}a`).problems[0]).toContain('nested too deeply');
  });
});

describe('detections by pattern', () => {
  const detections = ['a_1: {f1: x}', 'a_2: {f2: x}', 'b_1: {f3: x}', '_c: {f4: x}', '_d_1: {f5: x}'].join(
    '\n',
  );
  const all = { f1: 'x', f2: 'x', f3: 'x', f4: 'x', f5: 'x' };
  const without = (...fields: string[]): object =>
    Object.fromEntries(Object.entries(all).filter(([field]) => !fields.includes(field)));
  const only = (...fields: string[]): object => Object.fromEntries(fields.map((field) => [field, 'x']));

  test.each([
    ['1 of a_*', only('f2'), true],
    ['1 of a_*', only('f3'), false],
    ['all of a_*', only('f1', 'f2'), true],
    ['all of a_*', only('f1'), false],
    ['all of *_1', without('f2', 'f4', 'f5'), true],
    ['all of *_1', without('f3'), false],
    ['1 of them', only('f4'), false],
    ['1 of them', only('f3'), true],
    ['all of them', only('f1', 'f2', 'f3'), true],
    ['all of them', without('f1'), false],
    ['1 of _*', only('f4'), true],
    ['1 of *_1', only('f5'), false],
    ['2 of them', only('f1', 'f3'), true],
    ['2 of them', only('f3'), false],
    ['3 of them', only('f1', 'f2', 'f3'), true],
    ['2 of *', only('f2', 'f3'), true],
    ['1 of a_1', only('f1'), true],
    ['1 of a', only('f1'), 'no detection matches `a`'],
    ['4 of them', all, '4 of 3 detections can never hold'],
  ])('%s on %j: %s', (condition, event, expected) => {
    const detection = `${detections}\ncondition: ${condition}`;
    if (typeof expected === 'string') expect(problemsOf(ruleText(detection)).join()).toContain(expected);
    else expect(detects(detection, event)).toBe(expected);
  });

  it('takes a list of conditions as alternatives', () => {
    const detection = 'a: {f: 1}\nb: {g: 1}\ncondition:\n  - a\n  - b and not a';
    expect(detects(detection, { f: 1 })).toBe(true);
    expect(detects(detection, { g: 1 })).toBe(true);
    expect(detects(detection, { h: 1 })).toBe(false);
  });

  it('says which detection may be meant when one is unknown', () => {
    const text = ruleText('selection: {f: 1}\ncondition: selektion');
    expect(problemsOf(text)).toEqual([
      [
        'test.yml:5:14: error: there is no detection `selektion` [sigma/unknown-detection]',
        '    condition: selektion',
        '               ^',
        '  Did you mean `selection`?',
      ].join('\n'),
    ]);
  });

  it('warns about a detection that no condition uses', () => {
    const text = ruleText('a: {f: 1}\nb: {g: 1}\n_c: {h: 1}\ncondition: a');
    expect(problemsOf(text)).toEqual([
      expect.stringContaining('warning: no condition uses the detection `b`'),
    ]);
  });
});

const name = fc
  .stringMatching(/^[a-z_][a-z0-9_.-]{0,6}$/)
  .filter((text) => !['and', 'or', 'not', 'of'].includes(text));
const place = { file: 'c.yml', line: 1, column: 1 };

/** Every shape that parsing can give: no junction of one. */
const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 5 },
    name.map((text): Condition => ({ kind: 'name', name: text, place })),
    fc
      .record({
        atLeast: fc.oneof(fc.constant('all' as const), fc.integer({ min: 1, max: 9 })),
        pattern: name,
      })
      .map(
        ({ atLeast, pattern }): Condition => ({ kind: 'quantified', atLeast, pattern: `${pattern}*`, place }),
      ),
    tie('condition').map((of): Condition => ({ kind: 'not', of, place })),
    fc
      .record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        of: fc.array(tie('condition'), { minLength: 2, maxLength: 4 }),
      })
      .map(({ kind, of }): Condition => ({ kind, of, place })),
  ),
}));

test('parse(print(condition)) is the condition', () => {
  fc.assert(
    fc.property(anyCondition, (condition) => {
      const { condition: parsed, problems } = parse(printCondition(condition));
      expect(problems).toEqual([]);
      expect(parsed && withoutPlaces(parsed)).toEqual(withoutPlaces(condition));
    }),
  );
});

const withoutPlaces = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, item) => (key === 'place' ? undefined : item)));
