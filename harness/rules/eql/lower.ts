// Lowers a parsed query to what the engine runs: which events, in which order, joined by what.

import type { ProblemText } from '../../model/source.ts';
import type { Predicate } from '../predicate.ts';
import type { EventFilter, JoinKey, Pipe, Query, RuleSource, SequenceStage } from '../rule.ts';
import type {
  DurationNode,
  DurationUnit,
  EventFilterNode,
  FieldReference,
  PipeNode,
  SampleNode,
  SequenceNode,
  Statement,
  TermNode,
} from './ast.ts';
import { fieldPath } from './ast.ts';
import { evaluateConstant } from './compute.ts';
import { type ConditionContext, lowerCondition } from './condition.ts';
import type { Span } from './span.ts';
import { checkTypes, isConstant } from './type-check.ts';

export interface QueryContext extends ConditionContext {
  /** The field that holds an event's category, where a rule names another than `event.category`. */
  readonly categoryField?: string;
  /** Holds for every event that the rule looks at, besides the query (Elastic's filters and exceptions). */
  readonly everyEvent?: Predicate;
}

/** The query, and the event categories that it needs. Problems go to the context. */
export function lowerQuery(
  { query, pipes }: Statement,
  context: QueryContext,
): { query: Query; source: RuleSource } {
  const lowered = pipes.map((pipe) => lowerPipe(pipe, context));
  switch (query.kind) {
    case 'event': {
      const filter = lowerFilter(query.filter, context);
      return { query: { kind: 'event', ...filter, pipes: lowered }, source: sourceOf([query.filter]) };
    }
    case 'sequence':
      return { query: lowerSequence(query, lowered, context), source: sourceOf(filtersOf(query.terms)) };
    case 'sample':
      for (const pipe of pipes) context.report(pipe, samplePipe);
      return { query: lowerSample(query, context), source: sourceOf(filtersOf(query.terms)) };
  }
}

const filtersOf = (terms: readonly TermNode[]): readonly EventFilterNode[] =>
  terms.map((term) => term.filter);

const sourceOf = (filters: readonly EventFilterNode[]): RuleSource => ({
  kind: 'categories',
  categories: [...new Set(filters.map(({ category }) => category ?? 'any'))],
});

function lowerFilter({ category, where, ...at }: EventFilterNode, context: QueryContext): EventFilter {
  const conditions = [lowerCondition(where, context)];
  if (context.everyEvent) conditions.push(context.everyEvent);
  const { categoryField = 'event.category' } = context;
  const isElsewhere = categoryField !== 'event.category';
  if (category !== undefined && isElsewhere)
    conditions.unshift(categoryTest(categoryField, category, at, context));
  return {
    ...(category !== undefined && !isElsewhere && { category }),
    where: conjunction(conditions, at, context),
  };
}

function categoryTest(field: string, value: string, at: Span, context: QueryContext): Predicate {
  return { kind: 'field', field, test: { op: 'equals', value, caseless: false }, place: context.place(at) };
}

function conjunction(of: readonly Predicate[], at: Span, context: QueryContext): Predicate {
  const [first] = of;
  return of.length === 1 && first ? first : { kind: 'and', of, place: context.place(at) };
}

function lowerSequence(sequence: SequenceNode, pipes: readonly Pipe[], context: QueryContext): Query {
  const { by, maxSpan, terms, until } = sequence;
  checkKeyCounts(until ? [...terms, until] : terms, context);
  checkStages(sequence, context);
  if (until?.missing) {
    context.report(until, {
      code: 'missing-until',
      message: 'expected an event after `until`, found `![`',
    });
  }
  return {
    kind: 'sequence',
    stages: terms.map((term) => lowerStage(term, by, context)),
    ...(maxSpan && { maxSpanMs: milliseconds(maxSpan) }),
    ...(until && { until: { ...lowerFilter(until.filter, context), by: joinKeys(by, until.by, context) } }),
    pipes,
  };
}

function checkStages({ terms, maxSpan, ...sequence }: SequenceNode, context: QueryContext): void {
  const length = terms.reduce((sum, { runs }) => sum + runs, 0);
  if (length < 2) {
    context.report(sequence, {
      code: 'too-few-stages',
      message: `expected at least 2 stages, found ${length}`,
    });
  }
  const missing = terms.find((term) => term.missing);
  if (missing && maxSpan === undefined) {
    context.report(missing, {
      code: 'missing-without-maxspan',
      message: 'expected `with maxspan` in a sequence with a missing event',
      hint: 'Without a span, the event could still come.',
    });
  }
  if (missing && terms.every((term) => term.missing)) {
    context.report(missing, { code: 'only-missing', message: 'expected at least one event that occurs' });
  }
}

const samplePipe: ProblemText = {
  code: 'sample-pipe',
  message: 'expected the end of the query: Elasticsearch has no pipes after a sample',
};

function lowerSample({ by, terms, ...at }: SampleNode, context: QueryContext): Query {
  checkKeyCounts(terms, context);
  if (by.length === 0 && terms.some((term) => term.by.length === 0)) {
    context.report(at, {
      code: 'sample-without-key',
      message: 'expected at least one join key in a sample',
      hint: 'Write `sample by field [ … ] [ … ]`.',
    });
  }
  for (const term of terms) {
    if (term.missing)
      context.report(term, { code: 'missing-in-sample', message: 'expected `[`, found `![`' });
  }
  return { kind: 'sample', stages: terms.map((term) => lowerStage(term, by, context)), pipes: [] };
}

function lowerStage(term: TermNode, by: readonly FieldReference[], context: QueryContext): SequenceStage {
  return {
    ...lowerFilter(term.filter, context),
    by: joinKeys(by, term.by, context),
    runs: term.runs,
    missing: term.missing,
    place: context.place(term),
  };
}

const joinKeys = (
  shared: readonly FieldReference[],
  own: readonly FieldReference[],
  context: QueryContext,
): readonly JoinKey[] =>
  [...shared, ...own].map((key) => ({
    field: fieldPath(key),
    optional: key.optional,
    place: context.place(key),
  }));

function checkKeyCounts(terms: readonly TermNode[], context: QueryContext): void {
  const expected = terms[0]?.by.length ?? 0;
  for (const term of terms) {
    if (term.by.length === expected) continue;
    context.report(term, {
      code: 'join-key-count',
      message: `expected ${expected} join key${expected === 1 ? '' : 's'} as in the first stage, found ${term.by.length}`,
    });
  }
}

const unitMilliseconds: Readonly<Record<DurationUnit, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const milliseconds = ({ count, unit }: DurationNode): number => count * unitMilliseconds[unit];

function lowerPipe({ kind, count }: PipeNode, context: QueryContext): Pipe {
  checkTypes(count, context.report);
  const value = isConstant(count) ? evaluateConstant(count) : undefined;
  if (typeof value === 'bigint' && value >= 0n) return { kind, count: Number(value) };
  context.report(count, {
    code: 'pipe-count',
    message: `expected a positive whole number after \`${kind}\``,
  });
  return { kind, count: 0 };
}
