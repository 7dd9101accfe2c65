// Sigma correlations: when each type matches, on which events, and how groups, time and chains matter.

import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../../harness/rules/match/rule-set.ts';
import type { CorrelationQuery, Rule } from '../../../../harness/rules/rule.ts';
import { eventRule, is, ruleOf } from './fixture.ts';

const correlation = (query: Partial<CorrelationQuery>, id = 'correlation'): Rule =>
  ruleOf(
    {
      kind: 'correlation',
      type: 'event_count',
      rules: ['a'],
      groupBy: [],
      timespanMs: 10,
      aliases: {},
      generate: false,
      place: { file: 'correlation.yml', line: 1, column: 1 },
      ...query,
    },
    id,
  );

const a = eventRule(is('tag', 'a'), 'a');
const b = eventRule(is('tag', 'b'), 'b');
const c = eventRule(is('tag', 'c'), 'c');

interface Step {
  readonly tag: string;
  readonly atMs: number;
  readonly [field: string]: unknown;
}

/** Matches as `rule handles`, handles counted from 1. */
function run(rules: readonly Rule[], steps: readonly Step[]): string[] {
  const session = compileRules(rules, { fields: 'sigma' }).session();
  const matches = steps.flatMap(({ atMs, ...event }, index) => session.push(event, index + 1, atMs));
  return [...matches, ...session.finish()].map(({ rule, handles }) => `${rule.id} ${handles.join()}`);
}

const at = (tag: string, ...times: number[]): Step[] => times.map((atMs) => ({ tag, atMs }));
const bounds = (op: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq', value: number) => ({
  bounds: [{ op, value }],
});

describe('event_count', () => {
  const three = correlation({ condition: bounds('gte', 3) });

  test.each([
    ['matches at the event that makes it true', [1, 2, 3], ['correlation 1,2,3']],
    ['slides over the stream', [0, 9, 11, 18], ['correlation 2,3,4']],
    ['counts the whole span, its end included', [0, 5, 10], ['correlation 1,2,3']],
    ['stays silent while it remains true', [1, 2, 3, 4, 5], ['correlation 1,2,3']],
    ['matches again after it was false', [1, 2, 3, 50, 51, 52], ['correlation 1,2,3', 'correlation 4,5,6']],
    [
      'matches again when all that made it true is gone',
      [1, 2, 3, 14, 14, 14],
      ['correlation 1,2,3', 'correlation 4,5,6'],
    ],
    ['not below', [1, 2], []],
  ])('%s', (_name, times, expected) => {
    expect(run([a, three], at('a', ...times))).toEqual(expected);
  });

  test.each([
    ['eq', 2, [1, 2], ['correlation 1,2']],
    ['eq', 2, [1, 2, 3], []],
    ['lt', 3, [1, 2, 20, 21, 22], ['correlation 1,2']],
    ['neq', 1, [1, 20, 21], ['correlation 2,3']],
  ] as const)('%s %d is judged when the window is over', (op, value, times, expected) => {
    expect(run([a, correlation({ condition: bounds(op, value) })], at('a', ...times))).toEqual(expected);
  });

  test('a window is over as soon as any event is later', () => {
    const session = compileRules([a, correlation({ condition: bounds('lt', 3) })], {
      fields: 'sigma',
    }).session();
    expect(session.push({ tag: 'a' }, 1, 0)).toEqual([]);
    expect(session.push({ tag: 'x' }, 2, 10)).toEqual([]);
    expect(session.push({ tag: 'x' }, 3, 11)).toMatchObject([{ handles: [1] }]);
  });

  test('groups are counted apart; an event without the field is in none', () => {
    const grouped = correlation({ condition: bounds('gte', 2), groupBy: ['user', 'host'] });
    const steps = [
      { tag: 'a', atMs: 1, user: 'x', host: 'h' },
      { tag: 'a', atMs: 2, user: 'x', host: 'i' },
      { tag: 'a', atMs: 3, host: 'h' },
      { tag: 'a', atMs: 4, host: 'h' },
      { tag: 'a', atMs: 5, user: 'x', host: 'h' },
    ];
    expect(run([a, grouped], steps)).toEqual(['correlation 1,5']);
  });
});

test('value_count counts distinct values', () => {
  const distinct = correlation({ type: 'value_count', condition: { field: ['user'], ...bounds('gt', 1) } });
  const steps = ['x', 'x', null, 'y'].map((user, index) => ({ tag: 'a', atMs: index, user }));
  expect(run([a, distinct], steps)).toEqual(['correlation 1,2,4']);
});

test.each([
  ['value_sum', 'gte', 6, ['correlation 1,2,3']],
  ['value_sum', 'gt', 10, []],
  ['value_avg', 'gt', 2, ['correlation 1,2,3,4']],
  ['value_avg', 'gt', 2.5, []],
  ['value_median', 'eq', 2.5, ['correlation 1,2,3,4']],
] as const)('%s %s %d', (type, op, value, expected) => {
  const rule = correlation({ type, condition: { field: ['bytes'], ...bounds(op, value) } });
  const steps = [1, 2, 3, 4].map((bytes) => ({ tag: 'a', atMs: bytes, bytes: String(bytes) }));
  expect(run([a, rule], steps)).toEqual(expected);
});

test.each([
  [50, 5],
  [90, 9],
  [95, 10],
])('value_percentile %d is the nearest rank', (percentile, value) => {
  const rule = correlation({
    type: 'value_percentile',
    timespanMs: 100,
    condition: { field: ['ms'], percentile, ...bounds('eq', value) },
  });
  expect(
    run(
      [a, rule],
      Array.from({ length: 10 }, (_, index) => ({ tag: 'a', atMs: index, ms: index + 1 })),
    ),
  ).toHaveLength(1);
});

describe('temporal', () => {
  const rules = ['a', 'b'];

  test.each([
    ['ab', ['t 1,2', 'o 1,2']],
    ['ba', ['t 1,2']],
    ['bab', ['t 1,2', 'o 2,3']],
    ['aab', ['t 2,3', 'o 2,3']],
  ])('%s', (tags, expected) => {
    const steps = [...tags].map((tag, index) => ({ tag, atMs: index }));
    const both = [
      correlation({ type: 'temporal', rules }, 't'),
      correlation({ type: 'temporal_ordered', rules }, 'o'),
    ];
    expect(run([a, b, ...both], steps)).toEqual(expected);
  });

  test('not beyond the span', () => {
    expect(run([a, b, correlation({ type: 'temporal', rules })], [...at('a', 0), ...at('b', 11)])).toEqual(
      [],
    );
  });

  test('a condition asks for so many of the rules', () => {
    const two = correlation({ type: 'temporal', rules: ['a', 'b', 'c'], condition: bounds('gte', 2) });
    expect(run([a, b, c, two], [...at('a', 0), ...at('c', 1)])).toEqual(['correlation 1,2']);
  });

  test('aliases join fields of different names', () => {
    const aliases = { address: { a: 'source', b: 'destination' } };
    const joined = correlation({ type: 'temporal', rules, groupBy: ['address'], aliases });
    const steps = [
      { tag: 'a', atMs: 1, source: '10.0.0.1', destination: '10.0.0.9' },
      { tag: 'b', atMs: 2, source: '10.0.0.1', destination: '10.0.0.2' },
      { tag: 'b', atMs: 3, source: '10.0.0.7', destination: '10.0.0.1' },
    ];
    expect(run([a, b, joined], steps)).toEqual(['correlation 1,3']);
  });
});

describe('what is reported', () => {
  const two = correlation({ condition: bounds('gte', 2) });

  test('correlated rules are silent unless they are to generate', () => {
    const loud = correlation({ condition: bounds('gte', 2), generate: true }, 'loud');
    expect(run([a, two], at('a', 1, 2))).toEqual(['correlation 1,2']);
    expect(run([a, two, loud], at('a', 1, 2))).toEqual(['a 1', 'a 2', 'correlation 1,2', 'loud 1,2']);
  });

  test('correlations chain: a group, or a field of the last event, joins them', () => {
    const many = correlation({ condition: bounds('gte', 2), groupBy: ['host'] }, 'many');
    const then = correlation(
      { type: 'temporal_ordered', rules: ['many', 'b'], groupBy: ['user'], timespanMs: 20 },
      'then',
    );
    const steps = [
      { tag: 'a', atMs: 1, host: 'h', user: 'x' },
      { tag: 'a', atMs: 2, host: 'h', user: 'y' },
      { tag: 'b', atMs: 3, host: 'i', user: 'x' },
      { tag: 'b', atMs: 4, host: 'i', user: 'y' },
    ];
    expect(run([a, b, many, then], steps)).toEqual(['then 1,2,4']);
  });
});

test('a window that closes late counts where its events were', () => {
  const few = correlation({ condition: bounds('lte', 2), timespanMs: 5 }, 'few');
  const then = correlation({ type: 'temporal_ordered', rules: ['few', 'b'], timespanMs: 20 }, 'then');
  expect(run([a, b, then, few], [...at('a', 0, 1), ...at('b', 3), ...at('x', 9)])).toEqual(['then 1,2,3']);
  expect(run([a, b, then, few], [...at('a', 0, 1), ...at('b', 3)])).toEqual(['then 1,2,3']);
});

describe('when the events end within the timespan', () => {
  const on = (
    type: CorrelationQuery['type'],
    op: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq',
    value: number,
  ) =>
    correlation({
      type,
      condition: {
        ...(type === 'event_count' ? {} : { field: ['n'] }),
        percentile: 50,
        ...bounds(op, value),
      },
    });
  const absence = correlation({
    type: 'temporal',
    rules: ['a', 'b'],
    expression: {
      kind: 'and',
      of: [
        { kind: 'rule', id: 'a' },
        { kind: 'not', of: { kind: 'rule', id: 'b' } },
      ],
    },
  });

  test.each<[string, readonly Rule[], boolean]>([
    ['at least so many are so many', [on('event_count', 'gte', 2)], false],
    ['all rules seen are seen', [correlation({ type: 'temporal', rules: ['a'] })], false],
    ['at most', [on('event_count', 'lte', 2)], true],
    ['fewer than', [on('event_count', 'lt', 3)], true],
    ['exactly', [on('event_count', 'eq', 2)], true],
    ['not exactly', [on('event_count', 'neq', 5)], true],
    ['at most so many values', [on('value_count', 'lte', 2)], true],
    ['a sum of at most', [on('value_sum', 'lt', 10)], true],
    ['an average', [on('value_avg', 'gt', 1)], true],
    ['a percentile', [on('value_percentile', 'gte', 1)], true],
    ['a median', [on('value_median', 'eq', 1.5)], true],
    ['a smallest value of at least', [on('value_min', 'gte', 1)], true],
    ['a largest value of at most', [on('value_max', 'lte', 2)], true],
    ['one rule and not another', [absence], true],
  ])('%s', (_name, rules, isOpen) => {
    const session = () => compileRules([a, b, ...rules], { fields: 'sigma' }).session();
    const steps = [
      { tag: 'a', n: 1 },
      { tag: 'a', n: 2 },
    ];
    const ended = session();
    const early = steps.flatMap((event, index) => ended.push(event, index + 1, index));
    const late = ended.finish();
    expect([early, late].map((matches) => matches.map(({ open }) => open ?? false))).toEqual(
      isOpen ? [[], [true]] : [[false], []],
    );
    // The same events, and a later one of something else: the time is over, and the match is certain.
    const passed = session();
    const certain = [...steps, { tag: 'x' }].flatMap((event, index) =>
      passed.push(event, index + 1, index * 10),
    );
    certain.push(...passed.push({ tag: 'x' }, 4, 21), ...passed.finish());
    expect(certain.map(({ open }) => open)).toEqual([undefined]);
  });

  test('what builds on an open match is open', () => {
    const few = { ...on('event_count', 'lte', 2), id: 'few' };
    const both = correlation({ type: 'temporal', rules: ['few', 'a'], timespanMs: 20 }, 'both');
    const session = compileRules([a, both, few], { fields: 'sigma' }).session();
    for (const atMs of [0, 1]) expect(session.push({ tag: 'a' }, atMs, atMs)).toEqual([]);
    expect(session.finish()).toMatchObject([{ rule: { id: 'both' }, open: true }]);
  });
});

test('bounds are kept and what they cost is told', () => {
  const wide = correlation({ condition: bounds('gte', 1000), groupBy: ['user'], timespanMs: 1e9 });
  const session = compileRules([a, wide], {
    fields: 'sigma',
    bounds: { keys: 10, windowEntries: 5 },
  }).session();
  for (let index = 0; index < 100; index++) session.push({ tag: 'a', user: `u${index}` }, index, index);
  for (let index = 0; index < 100; index++) session.push({ tag: 'a', user: 'same' }, index, 1000 + index);
  const { machines } = session.stats();
  expect(machines).toHaveLength(1);
  expect(machines[0]?.live).toBeLessThanOrEqual(10);
  expect(machines[0]?.evicted).toBeGreaterThan(100);
});

test('a window that was forgotten does not close the next one of its group', () => {
  const two = correlation({ condition: bounds('eq', 2), groupBy: ['user'] });
  const session = compileRules([a, two], {
    fields: 'sigma',
    bounds: { keys: 2, windowEntries: 9 },
  }).session();
  const seen = (user: string, atMs: number) => session.push({ tag: 'a', user }, atMs, atMs);
  const matches = [seen('x', 0), seen('y', 1), seen('z', 2), seen('x', 5), seen('w', 12), seen('x', 13)];
  expect([...matches.flat(), ...session.finish()].map(({ handles }) => handles)).toEqual([[5, 13]]);
});

test('Windows event log records are read as their exporter gives them', () => {
  const logon = eventRule(is('TargetUserName', 'alice'), 'logon', { logsource: { product: 'windows' } });
  const twice = correlation({ rules: ['logon'], condition: bounds('gte', 2), timespanMs: 60_000 });
  const session = compileRules([logon, twice], { fields: 'sigma' }).session();
  const record = (second: number): object => ({
    logsource: { product: 'windows' },
    Event: {
      System: {
        EventID: 4625,
        TimeCreated: { '#attributes': { SystemTime: `2024-01-01T00:00:${second}Z` } },
      },
      EventData: { TargetUserName: 'alice' },
    },
  });
  expect(session.push(record(10), 1)).toEqual([]);
  expect(session.push(record(20), 2)).toMatchObject([
    { handles: [1, 2], timestampMs: Date.UTC(2024, 0, 1, 0, 0, 20) },
  ]);
});
