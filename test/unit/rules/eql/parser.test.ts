// The grammar: what binds to what, and the complaints about what is not in it.

import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../../harness/model/source.ts';
import { parseQuery } from '../../../../harness/rules/eql/parser.ts';
import { printQuery } from '../../../../harness/rules/eql/printer.ts';
import { problemsOf } from './run.ts';

const canonical = (text: string): string => printQuery(parseQuery(sourceOf('query.eql', text)));

describe('parseQuery', () => {
  it.each([
    ['any where not a and b or c', 'any where not a and b or c'],
    ['any where not (a and b)', 'any where not (a and b)'],
    ['any where a or b and c', 'any where a or b and c'],
    ['any where (a or b) and c', 'any where (a or b) and c'],
    ['any where (a and b) and c', 'any where (a and b) and c'],
    ['any where not a == b', 'any where not a == b'],
    ['any where (not a) == b', 'any where (not a) == b'],
    ['any where 1 + 2 * 3 == (1 + 2) * 3', 'any where 1 + 2 * 3 == (1 + 2) * 3'],
    ['any where 1 - (2 - 3) == -a', 'any where 1 - (2 - 3) == -a'],
    ['any where - - a == +1', 'any where --a == 1'],
    ['any where a + b in (1)', 'any where a + b in (1)'],
    ['any where (a + b) in (1)', 'any where (a + b) in (1)'],
    ['any where a:("x",  "y")', 'any where a : ("x", "y")'],
    ['any where a like~("x")', 'any where a like~ "x"'],
    ['any where a not in~ ("x")', 'any where a not in~ ("x")'],
    ['any where not a in ("x")', 'any where not a in ("x")'],
    ['any where length(a)>2.0', 'any where length(a) > 2.0'],
    ['any where startsWith~ (?a.b, """x\\y""")', 'any where startsWith~(?a.b, "x\\\\y")'],
    ['any where `a-b`.c.`in` == 1', 'any where `a-b`.c.`in` == 1'],
    ['"my event" where true', '"my event" where true'],
    ['"process" where true', 'process where true'],
    ['process where true | head 3 | tail 1', 'process where true\n| head 3\n| tail 1'],
    [
      'sequence by a, ?b with maxspan=30s [any where true] by c with runs=3 ![file where x] by d until [any where y] by e',
      'sequence by a, ?b with maxspan=30s\n  [any where true] by c with runs=3\n  ![file where x] by d\nuntil  [any where y] by e',
    ],
    ['sample by a [any where true] [any where b]', 'sample by a\n  [any where true]\n  [any where b]'],
  ])('reads %s', (text, printed) => {
    expect(canonical(text)).toBe(printed);
  });

  it.each([
    ['', '1:1', 'expected an event category, `any`, `sequence` or `sample`, found the end of the query'],
    ['process', '1:8', 'expected `where`, found the end of the query'],
    ['process where', '1:14', 'expected a value or a condition, found the end of the query'],
    ['process where a ==', '1:19', 'expected a value or a condition, found the end of the query'],
    ['process where a = "b"', '1:17', 'expected `==` or `:`, found `=`'],
    ['process where a < 1 < 2', '1:21', 'expected the end of the comparison, found `<`'],
    [
      'process where a : b',
      '1:19',
      'expected a string, or a list of strings in parentheses, found the name `b`',
    ],
    ['process where a : ("b"', '1:23', 'expected `,` or `)`, found the end of the query'],
    ['process where a in "b"', '1:20', 'expected `(`, found a string'],
    ['process where (a', '1:17', 'expected `)`, or an operator, found the end of the query'],
    ['process where a b', '1:17', 'expected an operator, `|` or the end of the query, found the name `b`'],
    ['process where a.', '1:17', 'expected a field name, found the end of the query'],
    ['process where a.in == 1', '1:17', 'expected a field name, found `in`'],
    ['process where by == 1', '1:15', 'expected a value or a condition, found `by`'],
    ['process where true | top 3', '1:22', 'expected `head` or `tail`, found the name `top`'],
    ['sequence [a where true]', '1:1', 'expected at least 2 stages, found 1'],
    ['sequence by a', '1:14', 'expected `[` and the first stage, found the end of the query'],
    ['sequence [a where true [b where true]', '1:24', 'expected an operator or `]`, found `[`'],
    [
      'sequence with maxspan=2.5m [a where true] [b where true]',
      '1:23',
      'expected a positive whole number with a unit, such as `30s`, found the number 2.5',
    ],
    [
      'sequence with maxspan=5w [a where true] [b where true]',
      '1:24',
      'expected a unit of time: ms, s, m, h, d, found the name `w`',
    ],
    [
      'sequence with maxspan=5 [a where true] [b where true]',
      '1:25',
      'expected a unit of time: ms, s, m, h, d, found `[`',
    ],
    [
      'sequence with maxspan=5m by x [a where true] [b where true]',
      '1:26',
      'expected the first stage of the sequence, found `by`',
    ],
    ['sequence by length(x) [a where true] [b where true]', '1:13', 'expected a field as the join key'],
    [
      'sequence [a where true] with runs=0 [b where true]',
      '1:35',
      'expected a whole number from 1 to 100, found the number 0',
    ],
    [
      'sequence [a where true] with steps=2 [b where true]',
      '1:30',
      'expected `runs`, found the name `steps`',
    ],
    [
      'sequence [a where true] by x [b where true]',
      '1:30',
      'expected 1 join key as in the first stage, found 0',
    ],
    [
      'sequence [a where true] ![b where true]',
      '1:25',
      'expected `with maxspan` in a sequence with a missing event',
    ],
    [
      'sequence with maxspan=1s ![a where true] ![b where true]',
      '1:26',
      'expected at least one event that occurs',
    ],
    ['sample [a where true] [b where true]', '1:1', 'expected at least one join key in a sample'],
    ['sample by x [a where true] ![b where true]', '1:28', 'expected `[`, found `![`'],
    [
      'sample by x [a where true] [b where true] | head 1',
      '1:43',
      'expected the end of the query: Elasticsearch has no pipes after a sample',
    ],
    ['process where true | head -1', '1:27', 'expected a positive whole number after `head`'],
    ['process where true | head x', '1:27', 'expected a positive whole number after `head`'],
    ['process where a == 1e999', '1:20', 'expected a number that fits into 64 bits'],
  ])('refuses %s', (text, place, message) => {
    const [problem] = problemsOf(text);
    expect(problem?.split(' [eql/')[0]).toBe(`query.eql:${place}: error: ${message}`);
  });

  it('refuses nesting beyond its limit without overflowing the stack', () => {
    for (const [open, close] of [
      ['(', ')'],
      ['not ', ''],
      ['-', ''],
      ['length(', ')'],
    ]) {
      const [problem] = problemsOf(`any where ${open?.repeat(30_000)}true${close?.repeat(30_000)}`);
      expect(problem).toContain('expected at most 200 expressions inside of one another [eql/too-deep]');
    }
  });

  it('refuses queries of absurd length', () => {
    expect(problemsOf(`any where ${'a or '.repeat(60_000)}a`)[0]).toContain('[eql/too-long]');
    expect(problemsOf(`any where ${' '.repeat(1_000_001)}a`)[0]).toContain('[eql/too-long]');
  });

  it('takes long flat conditions', () => {
    const list = Array.from({ length: 20_000 }, (_, index) => `"${index}"`).join(', ');
    expect(problemsOf(`any where a in (${list})`)).toEqual([]);
    expect(problemsOf(`any where ${'a == 1 or '.repeat(10_000)}b`)).toEqual([]);
  });

  it('names every problem beyond the grammar, not just the first', () => {
    expect(problemsOf('any where frob(a) and length(1) > 2 and b == c')).toHaveLength(3);
  });
});
