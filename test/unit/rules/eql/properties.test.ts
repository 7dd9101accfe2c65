// What must be true of every query: printing loses nothing, and the compiled rule means what the tree says.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../../harness/model/source.ts';
import { lowerCondition } from '../../../../harness/rules/eql/condition.ts';
import { parseQuery } from '../../../../harness/rules/eql/parser.ts';
import { printExpression, printQuery } from '../../../../harness/rules/eql/printer.ts';
import { holds as predicateHolds } from '../interpreter/interpret.ts';
import { condition, event, expression, statement, withoutPlaces } from './arbitrary.ts';
import { holds } from './meaning.ts';
import { matchesOf, problemsOf } from './run.ts';

const parse = (text: string) => parseQuery(sourceOf('query.eql', text));
const place = { file: 'query.eql', line: 1, column: 1 };

describe('printing', () => {
  it('parses back to the same condition', () => {
    fc.assert(
      fc.property(expression, (tree) => {
        const { query } = parse(`any where ${printExpression(tree)}`);
        expect(query.kind === 'event' && withoutPlaces(query.filter.where)).toEqual(tree);
      }),
    );
  });

  it('parses back to the same query', () => {
    fc.assert(
      fc.property(statement, (tree) => {
        expect(withoutPlaces(parse(printQuery(tree)))).toEqual(tree);
      }),
    );
  });
});

describe('parsing', () => {
  it('gives a query or problems for any text, never a crash', () => {
    const word = fc.constantFrom(
      'process',
      'where',
      'sequence',
      'by',
      '[',
      ']',
      '![',
      '(',
      ')',
      'in',
      'a',
      '"b"',
      ':',
      '==',
      'not',
      'and',
      '|',
      'head',
      '1',
      ',',
      '?',
      '-',
      '/*',
      '*/',
      '"',
      '`',
      'until',
      'with',
      'maxspan',
      '=',
      '5m',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          problemsOf(text);
        },
      ),
    );
  });
});

describe('meaning', () => {
  it('is the same for the tree, its lowering, and the compiled rule', () => {
    fc.assert(
      fc.property(condition, event, (tree, sample) => {
        const complaints: unknown[] = [];
        const predicate = lowerCondition(tree, {
          place: () => place,
          report: (_, problem) => complaints.push(problem),
        });
        fc.pre(complaints.length === 0);
        const expected = holds(tree, sample);
        expect(predicateHolds(predicate, sample)).toBe(expected);
        expect(matchesOf(`any where ${printExpression(tree)}`, [sample]).length === 1).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });
});
