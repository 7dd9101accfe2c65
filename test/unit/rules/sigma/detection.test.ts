// Shapes of detections: maps, lists, keywords, and what they mean on whole events.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../../../harness/model/source.ts';
import type { Detection, DetectionItem } from '../../../../harness/rules/sigma/ast.ts';
import { readDetectionSection } from '../../../../harness/rules/sigma/detection.ts';
import { printSection } from '../../../../harness/rules/sigma/print.ts';
import { hasErrors, reportOn } from '../../../../harness/rules/sigma/report.ts';
import { readYaml } from '../../../../harness/rules/sigma/yaml.ts';
import { detects, fires, problemsOf, ruleText, usable } from './try-rule.ts';

describe('maps and lists', () => {
  const item = 'sel:\n  f: a\n  g: [b, c]\ncondition: sel';
  const list = 'sel:\n  - f: a\n    g: b\n  - h: c\ncondition: sel';
  const nested = 'sel:\n  - - f: a\n    - g: b\n  - h: c\ncondition: sel';
  const mixed = 'sel:\n  - needle\n  - f: a\n  - 42\ncondition: sel';
  test.each([
    ['all items of a map', item, { f: 'a', g: 'c' }, true],
    ['all items of a map', item, { f: 'a' }, false],
    ['all items of a map', item, { g: 'b' }, false],
    ['one map of a list', list, { f: 'a', g: 'b' }, true],
    ['one map of a list', list, { h: 'c' }, true],
    ['one map of a list', list, { f: 'a' }, false],
    ['lists in lists', nested, { g: 'b' }, true],
    ['lists in lists', nested, { g: 'x' }, false],
    ['keywords beside maps', mixed, { x: 'a needle b' }, true],
    ['keywords beside maps', mixed, { f: 'a' }, true],
    ['keywords beside maps', mixed, { x: 142 }, true],
    ['keywords beside maps', mixed, { x: 'a' }, false],
  ])('%s: %j on %j is %s', (_, detection, event, expected) => {
    expect(detects(detection, event)).toBe(expected);
  });
});

describe('keywords', () => {
  const any = 'kw:\n  - alpha\n  - be*ta\ncondition: kw';
  const all = "kw:\n  '|all':\n    - alpha\n    - beta\ncondition: kw";
  const one = 'kw: alpha\ncondition: kw';
  const expression = "kw:\n  '|re': 'al.ha$'\ncondition: kw";
  const cased = "kw:\n  '|cased': Alpha\ncondition: kw";
  const encoded = "kw:\n  '|base64offset|contains': alpha\ncondition: kw";
  const start = "kw:\n  '|startswith': alpha\ncondition: kw";
  test.each([
    [any, { x: 'an ALPHA!' }, true],
    [any, { x: { y: [1, 'alphabet'] } }, true],
    [any, { x: 'be and ta' }, true],
    [any, { alpha: 'x' }, false],
    [any, { x: 'ta be' }, false],
    [any, {}, false],
    [all, { x: 'beta alpha' }, true],
    [all, { x: 'alpha', y: 'beta' }, true],
    [all, { x: 'alpha' }, false],
    [one, { x: 'alpha' }, true],
    [expression, { x: 'an alpha' }, true],
    [expression, { x: 'alphabet' }, false],
    [cased, { x: 'an Alpha' }, true],
    [cased, { x: 'an alpha' }, false],
    [encoded, { x: Buffer.from('xx alpha').toString('base64') }, true],
    [start, { x: 'alphabet' }, true],
    [start, { x: 'an alphabet' }, false],
  ])('%j on %j is %s', (detection, event, expected) => {
    expect(detects(detection, event)).toBe(expected);
  });

  test('an exclusion by keywords', () => {
    const detection = 'kw: [alpha]\nnot_kw: [beta]\ncondition: kw and not not_kw';
    expect(detects(detection, { x: 'alpha' })).toBe(true);
    expect(detects(detection, { x: 'alpha beta' })).toBe(false);
  });

  test('numbers and escapes', () => {
    expect(detects('kw: [4624]\ncondition: kw', { code: 4624 })).toBe(true);
    expect(detects("kw: ['a\\*b']\ncondition: kw", { x: 'xa*bx' })).toBe(true);
    expect(detects("kw: ['a\\*b']\ncondition: kw", { x: 'axb' })).toBe(false);
  });
});

describe('fields of events', () => {
  test.each([
    ['nested', { a: { b: 'x' } }],
    ['flat', { 'a.b': 'x' }],
    ['in a list of objects', { a: [{ b: 'y' }, { b: 'X' }] }],
  ])('%s', (_, event) => {
    expect(detects('sel:\n  a.b: x\ncondition: sel', event)).toBe(true);
  });

  test('names with spaces, dashes and colons', () => {
    expect(
      detects("sel:\n  'c-uri|contains': x\n  'Ein Feld': y\n  'a:b': z\ncondition: sel", {
        'c-uri': '/x',
        'Ein Feld': 'y',
        'a:b': 'z',
      }),
    ).toBe(true);
  });
});

test('the log source that an event names selects the rules', () => {
  const rule = usable(
    ruleText('sel: {f: a}\ncondition: sel', 'category: process_creation, product: windows'),
  );
  const event = (logsource: object) => ({ f: 'a', logsource });
  expect(fires(rule, { f: 'a' })).toBe(true);
  expect(fires(rule, event({ product: 'windows', category: 'process_creation', service: 'sysmon' }))).toBe(
    true,
  );
});

describe('refused', () => {
  test.each([
    ['sel: {}\ncondition: sel', 'the detection is empty'],
    ['sel: []\ncondition: sel', 'the detection is empty'],
    ['condition: sel', 'expected at least one detection'],
    ['sel: {f: a}', 'a condition is missing'],
    ['sel: {f: a}\ncondition: []', 'the list of conditions is empty'],
    ['sel: {f: a}\ncondition: {a: b}', 'expected a condition as text, got a map'],
    ['sel: {f: a}\ncondition:', 'expected a condition as text, got nothing'],
    ['sel:\ncondition: sel', 'A detection wants fields with values, or keywords.'],
    ['sel: [a, null]\ncondition: sel', "`null` can't be a keyword"],
    ['sel: {f: {g: a}}\ncondition: sel', 'expected a value of `f`, got a map'],
  ])('%j: %s', (detection, message) => {
    expect(problemsOf(ruleText(detection)).join('\n')).toContain(message);
  });

  test('everything wrong is told at once', () => {
    const text = ruleText("a: {f|kontains: x}\nb: {'g|re': '(?=x)'}\ncondition: a and c");
    expect(problemsOf(text).filter((problem) => problem.includes('error:'))).toHaveLength(3);
  });
});

test('`timeframe` is let be', () => {
  const text = ruleText('sel: {f: a}\ntimeframe: 5m\ncondition: sel');
  expect(problemsOf(text)).toEqual([expect.stringContaining('warning: `timeframe` belongs to aggregations')]);
});

// Random detections, printed and parsed again.

const place = { file: 'd.yml', line: 1, column: 1 };
const value = fc
  .oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      '',
      'null',
      'true',
      '0x17',
      '1',
      '- a',
      'a: b',
      '*',
      '\\',
      "'",
      '"',
      '#',
      'a\nb',
      ' a',
      '|',
      '>',
      '%x%',
      '&a',
      '!t',
      '\u0085',
      '\t',
    ),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  )
  .map((scalar) => ({ kind: 'scalar' as const, value: scalar, place, placeOf: () => place }));
const field = fc.oneof(
  fc.stringMatching(/^[A-Za-z_. :#-]{1,8}$/),
  fc.constantFrom('<<', 'null', 'true', '5', "it's"),
);
const modifiers = fc.subarray(['all', 'contains', 'windash', 're', 'cased'] as const);
const item = (name: fc.Arbitrary<string | null>): fc.Arbitrary<DetectionItem> =>
  fc
    .record({ field: name, modifiers, values: fc.array(value, { minLength: 1, maxLength: 3 }) })
    .map((parts) => ({
      ...parts,
      kind: 'item' as const,
      modifiers: parts.modifiers.map((name) => ({ name, place })),
      place,
    }));
const keywords: fc.Arbitrary<DetectionItem> = fc
  .array(value, { minLength: 1, maxLength: 3 })
  .map((values) => ({ kind: 'item', field: null, modifiers: [], values, place }));
const keyOf = (each: DetectionItem) =>
  [each.field ?? '', ...each.modifiers.map(({ name }) => name)].join('|');
const map: fc.Arbitrary<Detection> = fc
  .uniqueArray(item(fc.oneof({ weight: 4, arbitrary: field }, fc.constant(null))), {
    minLength: 1,
    maxLength: 3,
    selector: keyOf,
  })
  .map((items): Detection => ({ kind: 'map', items, place }));
const { detection: anyDetection } = fc.letrec<{ detection: Detection }>((tie) => ({
  detection: fc.oneof(
    { maxDepth: 3 },
    map,
    keywords,
    fc
      .array(tie('detection'), { minLength: 1, maxLength: 3 })
      .map((of): Detection => ({ kind: 'list', of, place })),
  ),
}));

test('parse(print(detection)) is the detection', () => {
  fc.assert(
    fc.property(anyDetection, (detection) => {
      const text = printSection({
        detections: new Map([['sel', detection]]),
        conditions: [{ kind: 'name', name: 'sel', place }],
      });
      const source = sourceOf('d.yml', text);
      const report = reportOn(source);
      const [node] = readYaml(source, report);
      const section = node?.kind === 'map' ? readDetectionSection(node, [], report) : undefined;
      expect(hasErrors(report.problems)).toBe(false);
      expect(withoutPlaces(section?.detections.get('sel'))).toEqual(withoutPlaces(detection));
    }),
    { numRuns: 500 },
  );
});

const withoutPlaces = (given: unknown): unknown =>
  JSON.parse(
    JSON.stringify(given ?? null, (key, item) => (key === 'place' || key === 'written' ? undefined : item)),
  );
