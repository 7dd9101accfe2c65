// The tests of Endgame's own EQL, held against Elasticsearch's: the same ids wherever both mean the same.

import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sourceOf } from '../../../../harness/model/source.ts';
import { evaluateConstant } from '../../../../harness/rules/eql/compute.ts';
import { parseEql } from '../../../../harness/rules/eql/index.ts';
import { parseQuery } from '../../../../harness/rules/eql/parser.ts';
import { corpora, isAbsent } from './corpora.ts';
import { elasticSpelling } from './endgame-dialect.ts';
import { matchesOf, problemsOf } from './run.ts';

const corpus = `${corpora}/eql-python`;

/** Queries by their position in the file: Elasticsearch gives other ids, for these reasons. */
const otherIds: Readonly<Record<number, string>> = {
  37: 'text has one order, which minds case',
  38: 'text has one order, which minds case',
  39: 'text has one order, which minds case',
  40: 'text has one order, which minds case',
  117: 'what does not hold on an absent field holds when negated',
  118: 'what does not hold on an absent field holds when negated',
};

/** Queries that Elasticsearch's EQL cannot say, by the code of the refusal. */
const refused: Readonly<Record<string, readonly number[]>> = {
  'computed-join-key': [91, 92],
  'endgame-array-index': [52, 152, 153, 154, 157, 158, 159],
  'endgame-fork': [142],
  'endgame-function': [150, 151, 155, 156, ...span(204, 216), 218, 219, 220],
  'endgame-join': [...span(106, 115), 141],
  'endgame-lineage': [55, 56, 57, ...span(123, 129), 131, 133],
  'endgame-pipe': [...span(7, 10), ...span(41, 51), ...span(65, 70), 103, 122, 130, ...span(146, 149), 165],
  'field-comparison': [26, 28, 29, 63, 64, 166, 167, 197, 203],
};

function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe.skipIf(isAbsent('eql-python'))('queries of Endgame (skipped where the corpora are absent)', () => {
  const { queries } = read(
    'test_queries.toml',
    z.object({
      queries: z
        .array(
          z.object({
            query: z.string(),
            expected_event_ids: z.array(z.number()),
            case_insensitive: z.boolean().optional(),
          }),
        )
        .default([]),
    }),
  );
  const events = eventsOf();
  const outcomes = queries.map(({ query, expected_event_ids, case_insensitive }, index) => {
    const { rules, problems } = parseEql('query.eql', elasticSpelling(query, case_insensitive === true));
    const [rule] = rules;
    if (rule === undefined) return { index, outcome: problems[0]?.code.replace('eql/', '') ?? 'no problem' };
    const ids = matchesOf(rule, events)
      .flat()
      .map((position) => events[position]?.serial_event_id);
    const agrees = ids.join() === expected_event_ids.join();
    return { index, outcome: agrees ? 'agrees' : 'other ids', ids, expected_event_ids };
  });

  it('agrees on every query that both can say', () => {
    const differing = outcomes.filter(({ outcome }) => outcome === 'other ids');
    expect(differing.map(({ index }) => index)).toEqual(Object.keys(otherIds).map(Number));
  });

  it('refuses the others by construct', () => {
    const byCode = Object.groupBy(
      outcomes.filter(({ outcome }) => outcome !== 'agrees' && outcome !== 'other ids'),
      ({ outcome }) => outcome,
    );
    const indexes = Object.entries(byCode).map(([code, list = []]) => [code, list.map(({ index }) => index)]);
    expect(Object.fromEntries(indexes)).toEqual(refused);
  });

  it('agrees on most of them', () => {
    expect(outcomes.filter(({ outcome }) => outcome === 'agrees')).toHaveLength(
      queries.length - Object.keys(otherIds).length - Object.values(refused).flat().length,
    );
  });
});

interface EndgameEvent {
  readonly event_type: string;
  readonly timestamp: number;
  readonly serial_event_id: number;
}

/** Endgame's events with the fields that Elasticsearch looks for: category and time. */
function eventsOf(): readonly (EndgameEvent & object)[] {
  const events: EndgameEvent[] = JSON.parse(textOf('test_data.json') || '[]');
  return events.map((event) => ({
    ...event,
    '@timestamp': (event.timestamp - 116_444_736_000_000_000) / 10_000,
    'event.category': [event.event_type],
  }));
}

const foldTests = z.array(z.object({ expression: z.string(), expected: z.unknown().optional() }));
const foldGroup = z.object({
  case_insensitive: z.boolean().optional(),
  fold: z.object({ tests: foldTests }).optional(),
  tests: foldTests.optional(),
  verifier: z.object({ failures: z.array(z.object({ expression: z.string() })) }).optional(),
});

/** Expressions whose value is another in Elasticsearch, or that it does not know, and why. */
const otherValues: Readonly<Record<string, string>> = {
  ...reasons(
    'test_string_functions.toml between',
    [4, 5, 8, 9],
    'empty, not null, where a bound is not found',
  ),
  ...reasons(
    'test_string_functions.toml between',
    [10, 12, 13],
    'the source as it is where a bound is empty',
  ),
  ...reasons('test_string_functions.toml indexof', [5], 'null where the start is null'),
  ...reasons('test_string_functions.toml substring', [4], 'the source as it is where the start is null'),
  ...reasons(
    'test_folding.toml string_case_insensitive_match_comparison',
    [3, 4, 6, 9, 11],
    '!= and the order of text mind case',
  ),
  ...reasons('test_folding.toml complex', [0, 1], 'refused: a function called behind its value'),
};

function reasons(group: string, indexes: readonly number[], reason: string): Record<string, string> {
  return Object.fromEntries(indexes.map((index) => [`${group} ${index}`, reason]));
}

describe.skipIf(isAbsent('eql-python')).each(['test_string_functions.toml', 'test_folding.toml'])(
  'constants of Endgame in %s (skipped where the corpora are absent)',
  (file) => {
    const groups = Object.entries(read(file, z.record(z.string(), foldGroup)));

    it('fold to the same values', () => {
      const differing = groups.flatMap(([group, { case_insensitive, fold, tests }]) =>
        [...(fold?.tests ?? []), ...(tests ?? [])].flatMap(({ expression, expected = null }, index) => {
          const value = foldedValue(elasticSpelling(expression, case_insensitive === true));
          return isSame(value, expected) ? [] : [`${file} ${group} ${index}`];
        }),
      );
      expect(differing).toEqual(Object.keys(otherValues).filter((key) => key.startsWith(file)));
    });

    it('are refused where they were', () => {
      for (const [, { verifier }] of groups) {
        for (const { expression } of verifier?.failures ?? []) {
          expect(problemsOf(`any where ${elasticSpelling(expression, false)}`)).not.toEqual([]);
        }
      }
    });
  },
);

/** The constant's value, or the code of the refusal. */
function foldedValue(expression: string): unknown {
  const { problems } = parseEql('query.eql', `any where (${expression}) == null`);
  if (problems[0] !== undefined) return problems[0].code;
  const { query } = parseQuery(sourceOf('query.eql', `any where ${expression}`));
  const value = query.kind === 'event' ? evaluateConstant(query.filter.where) : undefined;
  return typeof value === 'bigint' ? Number(value) : value;
}

function isSame(value: unknown, expected: unknown): boolean {
  return typeof value === 'number' && typeof expected === 'number'
    ? Math.abs(value - expected) < 1e-9
    : value === expected;
}

function read<T>(file: string, schema: z.ZodType<T>): T {
  return schema.parse(parseToml(textOf(file)));
}

/** Suites are laid out even when they are skipped: then there is nothing to lay out. */
const textOf = (file: string): string =>
  isAbsent('eql-python') ? '' : readFileSync(`${corpus}/${file}`, 'utf8');
