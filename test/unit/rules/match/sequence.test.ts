// EQL sequences on a stream: the cases that decide what Elasticsearch's state machine means, then random ones.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRules } from '../../../../harness/rules/match/rule-set.ts';
import type { Predicate } from '../../../../harness/rules/predicate.ts';
import type {
  Query,
  Rule,
  SampleQuery,
  SequenceQuery,
  SequenceStage,
} from '../../../../harness/rules/rule.ts';
import { piped, samplesIn, sequencesIn } from '../interpreter/sequences.ts';

const place = { file: 'sequence.eql', line: 1, column: 1 };

const tagged = (tag: string): Predicate => ({
  kind: 'field',
  field: 'tag',
  test: { op: 'equals', value: tag, caseless: false },
  place,
});

const stage = (tag: string, options: Partial<SequenceStage> = {}): SequenceStage => ({
  where: tagged(tag),
  by: [],
  runs: 1,
  missing: false,
  place,
  ...options,
});

const ruleOf = (query: Query): Rule => ({
  id: 'sequence',
  slug: 'sequence',
  title: 'Sequence',
  language: 'eql',
  file: 'sequence.eql',
  techniques: [],
  falsePositives: [],
  source: { kind: 'categories', categories: ['any'] },
  query,
});

interface Step {
  readonly tag: string | readonly string[];
  readonly key?: string | readonly string[] | null;
  readonly atMs?: number;
}

/** Handles are positions from 1, times are positions unless given. */
function run(query: Query, steps: readonly Step[]): number[][] {
  const session = compileRules([ruleOf(query)], { fields: 'ecs' }).session();
  const found = steps.flatMap(({ tag, key, atMs }, index) =>
    session.push({ tag, key }, index + 1, atMs ?? index + 1),
  );
  return [...found, ...session.finish()].map(({ handles }) => [...handles]);
}

const steps = (tags: string): Step[] => [...tags].map((tag) => ({ tag }));

describe('sequence', () => {
  const abc: SequenceQuery = { kind: 'sequence', stages: [stage('a'), stage('b'), stage('c')], pipes: [] };

  test.each([
    ['in order', 'abc', [[1, 2, 3]]],
    ['with others between', 'axbxc', [[1, 3, 5]]],
    ['a later first event replaces the earlier', 'aabc', [[2, 3, 4]]],
    ['a later middle event finds no partial', 'abbc', [[1, 2, 4]]],
    ['a new start does not disturb a partial one stage on', 'abac', [[1, 2, 4]]],
    ['a partial replaces the one in the next stage', 'ababc', [[3, 4, 5]]],
    ['a used partial is used up', 'abcc', [[1, 2, 3]]],
    ['out of order', 'acb', []],
  ])('%s', (_name, tags, expected) => {
    expect(run(abc, steps(tags))).toEqual(expected);
  });

  test('one event takes one step of a sequence', () => {
    const query: SequenceQuery = {
      kind: 'sequence',
      stages: [stage('a'), stage('a'), stage('a')],
      pipes: [],
    };
    expect(run(query, steps('aaaa'))).toEqual([
      [1, 2, 3],
      [2, 3, 4],
    ]);
  });

  test('join keys keep sequences apart, an absent key joins nothing', () => {
    const by = [{ field: 'key', optional: false }];
    const query: SequenceQuery = { ...abc, stages: [stage('a', { by }), stage('b', { by })] };
    const events: Step[] = [
      { tag: 'a', key: 'x' },
      { tag: 'a', key: 'y' },
      { tag: 'a', key: null },
      { tag: 'b', key: 'x' },
      { tag: 'b', key: null },
      { tag: 'b', key: 'y' },
    ];
    expect(run(query, events)).toEqual([
      [1, 4],
      [2, 6],
    ]);
  });

  test('an optional key joins what lacks it', () => {
    const by = [{ field: 'key', optional: true }];
    const query: SequenceQuery = { ...abc, stages: [stage('a', { by }), stage('b', { by })] };
    expect(run(query, [{ tag: 'a', key: null }, { tag: 'b', key: 'x' }, { tag: 'b' }])).toEqual([[1, 3]]);
  });

  test('a key of several values joins under each of them, several keys under each combination', () => {
    const by = (...fields: string[]) => fields.map((field) => ({ field, optional: false }));
    const joined = (first: readonly string[], second: readonly string[], ...fields: string[]): number[][] => {
      const query: SequenceQuery = {
        ...abc,
        stages: [stage('a', { by: by(...fields) }), stage('b', { by: by(...fields) })],
      };
      return run(query, [
        { tag: 'a', key: first },
        { tag: 'b', key: second },
      ]);
    };
    expect(joined(['x', 'y'], ['z', 'y'], 'key')).toEqual([[1, 2]]);
    expect(joined(['x'], ['z', 'y'], 'key')).toEqual([]);
    expect(joined(['x', 'y', 'y'], ['y', 'x'], 'key')).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(joined(['x', 'y'], ['y', 'x'], 'key', 'key')).toHaveLength(4);
    const many = Array.from({ length: 5000 }, (_, index) => `k${index}`);
    expect(joined(many, many, 'key', 'key')).toHaveLength(1000);
  });

  test.each([
    [10, [[1, 2, 3]]],
    [9, []],
  ])('maxspan %d counts from the first to the last event, inclusive', (maxSpanMs, expected) => {
    const events: Step[] = [
      { tag: 'a', atMs: 0 },
      { tag: 'b', atMs: 5 },
      { tag: 'c', atMs: 10 },
    ];
    expect(run({ ...abc, maxSpanMs }, events)).toEqual(expected);
  });

  test.each([
    ['between two stages it ends the sequence', 'aubc', []],
    ['before the first it does nothing', 'uabc', [[1 + 1, 3, 4]]],
    ['after the last it does nothing', 'abcu', [[1, 2, 3]]],
  ])('until: %s', (_name, tags, expected) => {
    const query: SequenceQuery = { ...abc, until: { where: tagged('u'), by: [] } };
    expect(run(query, steps(tags))).toEqual(expected);
  });

  test('until: an event that is a stage as well expires what it has just advanced, but not what it completes', () => {
    const query: SequenceQuery = { ...abc, until: { where: tagged('u'), by: [] } };
    expect(run(query, [{ tag: 'a' }, { tag: ['b', 'u'] }, { tag: 'c' }])).toEqual([]);
    expect(run(query, [{ tag: 'a' }, { tag: 'b' }, { tag: ['c', 'u'] }])).toEqual([[1, 2, 3]]);
  });

  test('runs repeat a stage', () => {
    const query: SequenceQuery = { ...abc, stages: [stage('a', { runs: 3 }), stage('b')] };
    expect(run(query, steps('aabaaab'))).toEqual([[4, 5, 6, 7]]);
  });

  test('head keeps the first, tail the last, in the order given', () => {
    const query: SequenceQuery = { ...abc, stages: [stage('a'), stage('b')] };
    const tags = steps('abababab');
    expect(
      run(
        {
          ...query,
          pipes: [
            { kind: 'head', count: 3 },
            { kind: 'tail', count: 2 },
          ],
        },
        tags,
      ),
    ).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(
      run(
        {
          ...query,
          pipes: [
            { kind: 'tail', count: 2 },
            { kind: 'head', count: 1 },
          ],
        },
        tags,
      ),
    ).toEqual([[5, 6]]);
  });
});

describe('bounds', () => {
  const by = [{ field: 'key', optional: false }];
  const query: SequenceQuery = {
    kind: 'sequence',
    stages: [stage('a', { by }), stage('b', { by })],
    pipes: [],
  };

  function statsAfter(sequence: SequenceQuery, keys: number): { live: number; evicted: number } | undefined {
    const session = compileRules([ruleOf(sequence)], { fields: 'ecs', bounds: { keys: 100 } }).session();
    for (let key = 0; key < keys; key++) session.push({ tag: 'a', key }, key, key);
    return session.stats().machines[0];
  }

  test('keys beyond the limit are forgotten, longest untouched first, and counted', () => {
    const stats = statsAfter(query, 1000);
    expect(stats?.live).toBeLessThanOrEqual(100);
    expect((stats?.live ?? 0) + (stats?.evicted ?? 0)).toBe(1000);
  });

  test('what maxspan has ended is forgotten without counting', () => {
    expect(statsAfter({ ...query, maxSpanMs: 20 }, 1000)).toMatchObject({ evicted: 0 });
  });

  test('what is kept still matches', () => {
    const session = compileRules([ruleOf(query)], { fields: 'ecs', bounds: { keys: 100 } }).session();
    for (let key = 0; key < 1000; key++) session.push({ tag: 'a', key }, key, key);
    expect(session.push({ tag: 'b', key: 999 }, 1000, 1000)).toMatchObject([{ handles: [999, 1000] }]);
    expect(session.push({ tag: 'b', key: 0 }, 1001, 1001)).toEqual([]);
  });
});

describe('missing events', () => {
  const missing = (tag: string): SequenceStage => stage(tag, { missing: true });
  const sequence = (...stages: SequenceStage[]): SequenceQuery => ({
    kind: 'sequence',
    stages,
    maxSpanMs: 5,
    pipes: [],
  });

  test.each([
    ['nothing between', 'ab', [[1, 2]]],
    ['something between', 'amb', []],
    ['only before and after', 'mabm', [[2, 3]]],
    ['a spoiled sequence still uses up what it stands on', 'ambb', []],
    ['a later start is not spoiled', 'amab', [[3, 4]]],
  ])('in the middle: %s', (_name, tags, expected) => {
    expect(run(sequence(stage('a'), missing('m'), stage('b')), steps(tags))).toEqual(expected);
  });

  test('a sequence spoiled in one gap is so for good', () => {
    const query = sequence(stage('a'), missing('m'), stage('b'), stage('c'));
    expect(run(query, steps('ambc'))).toEqual([]);
    expect(run(query, steps('abmc'))).toEqual([[1, 2, 4]]);
  });

  test.each([
    ['none', [{ tag: 'a', atMs: 100 }], [[1]]],
    [
      'too long ago',
      [
        { tag: 'm', atMs: 94 },
        { tag: 'a', atMs: 100 },
      ],
      [[2]],
    ],
    [
      'within the span',
      [
        { tag: 'm', atMs: 95 },
        { tag: 'a', atMs: 100 },
      ],
      [],
    ],
    [
      'at the same time does not count',
      [
        { tag: 'm', atMs: 100 },
        { tag: 'a', atMs: 100 },
      ],
      [[2]],
    ],
    [
      'the same time hides no earlier one',
      [
        { tag: 'm', atMs: 97 },
        { tag: 'm', atMs: 100 },
        { tag: 'a', atMs: 100 },
      ],
      [],
    ],
  ])('at the start: %s', (_name, events, expected) => {
    expect(run(sequence(missing('m'), stage('a')), events)).toEqual(expected);
  });

  test.each([
    ['none until the end, which comes before the window is over', [{ tag: 'a', atMs: 0 }], []],
    [
      'within the span',
      [
        { tag: 'a', atMs: 0 },
        { tag: 'm', atMs: 5 },
      ],
      [],
    ],
    [
      'later',
      [
        { tag: 'a', atMs: 0 },
        { tag: 'm', atMs: 6 },
      ],
      [[1]],
    ],
  ])('at the end: %s', (_name, events, expected) => {
    expect(run(sequence(stage('a'), missing('m')), events)).toEqual(expected);
  });

  test('at the end: the match is certain once the time has passed, whatever event tells so', () => {
    const session = compileRules([ruleOf(sequence(stage('a'), missing('m')))], { fields: 'ecs' }).session();
    expect(session.push({ tag: 'a' }, 1, 0)).toEqual([]);
    expect(session.push({ tag: 'x' }, 2, 5)).toEqual([]);
    expect(session.push({ tag: 'x' }, 3, 6)).toMatchObject([{ handles: [1], timestampMs: 0 }]);
  });

  test('on both sides: some span of the length must hold the sequence and none of them', () => {
    const both = sequence(missing('m'), stage('a'), missing('m'));
    const at = (...times: number[]): Step[] => times.map((atMs) => ({ tag: atMs === 10 ? 'a' : 'm', atMs }));
    expect(run(both, at(8, 10, 13))).toEqual([]);
    expect(run(both, at(8, 10, 14))).toEqual([[2]]);
  });
});

describe('sample', () => {
  const by = [{ field: 'key', optional: false }];
  const query: SampleQuery = { kind: 'sample', stages: [stage('a', { by }), stage('b', { by })], pipes: [] };

  test('takes distinct events of one key in any order', () => {
    const events: Step[] = [
      { tag: 'b', key: 'x' },
      { tag: ['a', 'b'], key: 'y' },
      { tag: 'a', key: 'x' },
      { tag: 'b', key: 'y' },
    ];
    expect(run(query, events)).toEqual([
      [3, 1],
      [2, 4],
    ]);
  });

  test('one event is not enough for two filters', () => {
    expect(run(query, [{ tag: ['a', 'b'], key: 'x' }])).toEqual([]);
  });
});

describe('random streams agree with the stage-by-stage interpreter', () => {
  const by = fc.constantFrom([], [{ field: 'key', optional: false }], [{ field: 'key', optional: true }]);
  const tag = fc.constantFrom('a', 'b', 'c', 'm');
  const events = fc.array(
    fc.record({
      tag: fc.oneof(tag, fc.uniqueArray(tag, { minLength: 1, maxLength: 3 })),
      key: fc.constantFrom('x', 'y', ['x', 'y'], null),
      pauseMs: fc.constantFrom(0, 1, 1, 1, 4),
    }),
    { maxLength: 30 },
  );

  test('sequences', () => {
    const query: fc.Arbitrary<SequenceQuery> = by.chain((keys) =>
      fc
        .record({
          stages: fc
            .array(
              fc.record({
                tag,
                runs: fc.constantFrom(1, 1, 1, 2),
                missing: fc.constantFrom(false, false, true),
              }),
              { minLength: 2, maxLength: 5 },
            )
            .filter((stages) => stages.some(({ missing }) => !missing)),
          maxSpanMs: fc.constantFrom(2, 5, 12),
          until: fc.option(tag),
        })
        .map(({ stages, maxSpanMs, until }) => ({
          kind: 'sequence',
          stages: stages.map(({ tag, runs, missing }) =>
            stage(tag, { by: keys, runs: missing ? 1 : runs, missing }),
          ),
          maxSpanMs,
          ...(until === null ? {} : { until: { where: tagged(until), by: keys } }),
          pipes: [],
        })),
    );
    fc.assert(
      fc.property(query, events, (sequence, stream) => {
        expect(sorted(run(sequence, timed(stream)))).toEqual(sorted(sequencesIn(sequence, arrivals(stream))));
      }),
      { numRuns: 2000 },
    );
  });

  test('samples and pipes', () => {
    const query = fc.record({
      stages: fc
        .tuple(fc.array(tag, { minLength: 2, maxLength: 4 }), by)
        .map(([tags, keys]) => tags.map((each) => stage(each, { by: keys }))),
      pipes: fc.array(
        fc.record({ kind: fc.constantFrom('head', 'tail'), count: fc.integer({ min: 0, max: 3 }) }),
        {
          maxLength: 2,
        },
      ),
    });
    fc.assert(
      fc.property(query, events, ({ stages, pipes }, stream) => {
        const sample: SampleQuery = { kind: 'sample', stages, pipes };
        expect(run({ ...sample, pipes: [] }, timed(stream))).toEqual(samplesIn(sample, arrivals(stream)));
        const everyA = { kind: 'event', where: tagged('a'), pipes } as const;
        const handles = arrivals(stream).flatMap(({ event, handle }) =>
          [event.tag].flat().includes('a') ? [[handle]] : [],
        );
        expect(run(everyA, timed(stream))).toEqual(piped(pipes, handles));
      }),
    );
  });

  interface Random {
    readonly tag: string | string[];
    readonly key: string | string[] | null;
    readonly pauseMs: number;
  }

  function timed(stream: readonly Random[]): Step[] {
    let atMs = 0;
    return stream.map(({ tag, key, pauseMs }) => {
      atMs += pauseMs;
      return { tag, key, atMs };
    });
  }

  const arrivals = (stream: readonly Random[]) =>
    timed(stream).map(({ tag, key, atMs }, index) => ({
      event: { tag, key },
      handle: index + 1,
      timestampMs: atMs ?? 0,
    }));

  const sorted = (found: number[][]): string[] => found.map((handles) => handles.join()).sort();
});
