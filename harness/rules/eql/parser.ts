// Parses a whole query: events, sequences, samples, and the pipes behind them.

import type { Source } from '../../model/source.ts';
import {
  type DurationNode,
  type DurationUnit,
  durationUnits,
  type EventFilterNode,
  type FieldReference,
  type PipeNode,
  type SampleNode,
  type SequenceNode,
  type Statement,
  type TermNode,
} from './ast.ts';
import { Cursor } from './cursor.ts';
import { aliasProblem, forkProblem, joinProblem, pipeProblems } from './endgame.ts';
import { parseExpression } from './expression-parser.ts';
import { lex } from './lexer.ts';
import { maxRuns } from './limits.ts';

/**
 * Parses a query in Elasticsearch's EQL.
 * Throws ContentError with the first thing that is not in its grammar, or that only Endgame's EQL had.
 *
 * statement: (sequence | sample | eventFilter) pipe* end
 */
export function parseQuery(source: Source): Statement {
  const cursor = new Cursor(source, lex(source));
  const { start } = cursor.token;
  const query = parseQueryKind(cursor);
  const pipes: PipeNode[] = [];
  while (cursor.is('|')) pipes.push(parsePipe(cursor));
  if (cursor.token.kind !== 'end' && query.kind === 'event') {
    cursor.unexpected('an operator, `|` or the end of the query');
  }
  if (cursor.token.kind !== 'end') {
    cursor.unexpected(
      '`[` and another stage, `|` or the end of the query',
      'Stages follow one another without a sign.',
    );
  }
  return { query, pipes, start, end: cursor.lastEnd };
}

function parseQueryKind(cursor: Cursor): Statement['query'] {
  if (cursor.is('sequence')) return parseSequence(cursor);
  if (cursor.is('sample')) return parseSample(cursor);
  if (cursor.is('join')) cursor.refuse(cursor.token.start, joinProblem);
  const filter = parseEventFilter(cursor);
  return { kind: 'event', filter, start: filter.start, end: filter.end };
}

/** eventFilter: ('any' | name | string) 'where' expression */
function parseEventFilter(cursor: Cursor): EventFilterNode {
  const { token } = cursor;
  const { start } = token;
  if (cursor.take('any')) return { ...parseWhere(cursor), start };
  if (token.kind !== 'identifier' && token.kind !== 'string') {
    cursor.unexpected('an event category, `any`, `sequence` or `sample`', queryShape);
  }
  cursor.next();
  return { category: token.value, ...parseWhere(cursor), start };
}

const queryShape = 'A query reads `category where condition`; `any where true` takes every event.';

function parseWhere(cursor: Cursor): Pick<EventFilterNode, 'where' | 'end'> {
  cursor.expect('where', queryShape);
  const where = parseExpression(cursor);
  return { where, end: where.end };
}

/** sequence: 'sequence' (by span? | span)? term+ ('until' term)? */
function parseSequence(cursor: Cursor): SequenceNode {
  const { start } = cursor.next();
  const by = parseKeys(cursor);
  const maxSpan = cursor.is('with') ? parseMaxSpan(cursor) : undefined;
  if (maxSpan !== undefined && by.length === 0 && cursor.is('by')) {
    cursor.refuse(cursor.token.start, {
      code: 'by-after-with',
      message: 'expected the first stage of the sequence, found `by`',
      hint: 'Write `sequence by … with maxspan=…`.',
    });
  }
  const terms = parseTerms(cursor, parseTerm);
  const until = cursor.take('until') ? parseTerm(cursor) : undefined;
  return {
    kind: 'sequence',
    by,
    ...(maxSpan && { maxSpan }),
    terms,
    ...(until && { until }),
    start,
    end: cursor.lastEnd,
  };
}

/** @source elastic.co, EQL syntax reference, "Samples": at most five filters */
const mostSampleFilters = 5;

/** sample: 'sample' by? (subquery by?)+ */
function parseSample(cursor: Cursor): SampleNode {
  const { start } = cursor.next();
  const by = parseKeys(cursor);
  const terms = parseTerms(cursor, parseSubquery);
  const beyond = terms[mostSampleFilters];
  if (beyond) {
    cursor.refuse(beyond.start, {
      code: 'sample-filters',
      message: `expected at most ${mostSampleFilters} filters in a sample, found ${terms.length}`,
      hint: 'Ask for fewer event types at once, or for some of them in a query of their own.',
    });
  }
  return { kind: 'sample', by, terms, start, end: cursor.lastEnd };
}

function parseTerms(cursor: Cursor, parse: (cursor: Cursor) => TermNode): readonly TermNode[] {
  if (!cursor.is('[') && !cursor.is('![')) {
    cursor.unexpected(
      '`[` and the first stage',
      cursor.is('with') || cursor.is('maxspan') ? spanShape : stageShape,
    );
  }
  const terms: TermNode[] = [];
  while (cursor.is('[') || cursor.is('![')) terms.push(parse(cursor));
  return terms;
}

const stageShape = 'A stage reads `[ category where condition ]`.';
const spanShape = 'A span stands before the first stage of a sequence: `sequence by … with maxspan=…`.';

/** term: subquery by? ('with' 'runs' '=' number)? */
function parseTerm(cursor: Cursor): TermNode {
  const term = parseSubquery(cursor);
  const { token } = cursor;
  if (token.kind === 'identifier' && token.value === 'fork') cursor.refuse(token.start, forkProblem);
  if (token.kind === 'identifier' && token.value === 'as') cursor.refuse(token.start, aliasProblem);
  if (!cursor.take('with')) return term;
  if (cursor.token.kind !== 'identifier' || cursor.token.value !== 'runs')
    cursor.unexpected('`runs`', spanShape);
  cursor.next();
  cursor.expect('=');
  return { ...term, runs: parseRuns(cursor), end: cursor.lastEnd };
}

function parseRuns(cursor: Cursor): number {
  const { token } = cursor;
  const runs = token.kind === 'integer' ? Number(token.value) : 0;
  if (runs < 1 || runs > maxRuns) cursor.unexpected(`a whole number from 1 to ${maxRuns}`);
  cursor.next();
  return runs;
}

/** subquery: ('[' | '![') eventFilter ']' by? */
function parseSubquery(cursor: Cursor): TermNode {
  const { start } = cursor.token;
  const missing = cursor.take('![');
  if (!missing) cursor.expect('[', stageShape);
  const filter = parseEventFilter(cursor);
  if (!cursor.is(']')) cursor.unexpected('an operator or `]`');
  cursor.next();
  const by = parseKeys(cursor);
  return { filter, missing, by, runs: 1, start, end: cursor.lastEnd };
}

/** by: ('by' field (',' field)*)? */
function parseKeys(cursor: Cursor): readonly FieldReference[] {
  if (!cursor.take('by')) return [];
  const keys = [parseKey(cursor)];
  while (cursor.take(',')) keys.push(parseKey(cursor));
  return keys;
}

function parseKey(cursor: Cursor): FieldReference {
  const expression = parseExpression(cursor);
  if (expression.kind === 'field') return expression;
  cursor.refuse(expression.start, {
    code: 'computed-join-key',
    message: 'expected a field as the join key',
    hint: "Computed join keys belong to Endgame's EQL.",
  });
}

/** span: 'with' 'maxspan' '=' integer unit */
function parseMaxSpan(cursor: Cursor): DurationNode {
  cursor.expect('with');
  cursor.expect('maxspan');
  cursor.expect('=');
  const { token } = cursor;
  const { start } = token;
  if (token.kind !== 'integer' || Number(token.value) < 1) {
    cursor.unexpected('a positive whole number with a unit, such as `30s`');
  }
  cursor.next();
  return { count: Number(token.value), unit: parseUnit(cursor), start, end: cursor.lastEnd };
}

function parseUnit(cursor: Cursor): DurationUnit {
  const { token } = cursor;
  const unit = token.kind === 'identifier' && durationUnits.find((name) => name === token.value);
  if (!unit) cursor.unexpected(`a unit of time: ${durationUnits.join(', ')}`);
  cursor.next();
  return unit;
}

/** pipe: '|' ('head' | 'tail') expression */
function parsePipe(cursor: Cursor): PipeNode {
  const { start } = cursor.expect('|');
  const { token } = cursor;
  const problem = token.kind === 'identifier' ? pipeProblems[token.value] : undefined;
  if (problem !== undefined) cursor.refuse(token.start, problem);
  if (token.kind !== 'identifier' || (token.value !== 'head' && token.value !== 'tail')) {
    cursor.unexpected('`head` or `tail`', cursor.is('|') ? 'Disjunction is written `or`.' : undefined);
  }
  cursor.next();
  if (cursor.token.kind === 'end' || cursor.is('|')) cursor.unexpected(`a number after \`${token.value}\``);
  const count = parseExpression(cursor);
  return { kind: token.value, count, start, end: cursor.lastEnd };
}
