// Offsets become places, and a problem shows its line in one way, whatever language the text is in.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem } from '../../../harness/model/errors.ts';
import { excerptOf, problemAt, problemIn, sourceOf } from '../../../harness/model/source.ts';

const said = { code: 'c', message: 'm' };

describe('a place', () => {
  it.each([
    ['', 0, 1, 1],
    ['a', 1, 1, 2],
    ['a\n', 1, 1, 2],
    ['a\n', 2, 2, 1],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 2, 1, 3],
    ['a\r\nb', 3, 2, 1],
    ['\n\n\n', 2, 3, 1],
    ['😀x', 2, 1, 3],
    ['a\nb', 9, 2, 8],
  ])('in %j at %i is %i:%i', (text, offset, line, column) => {
    expect(sourceOf('f', text).place(offset)).toEqual({ file: 'f', line, column });
  });

  it('leads back to its character', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\t') }), fc.nat(), (text, seed) => {
        const offset = text.length === 0 ? 0 : seed % text.length;
        const { line, column } = sourceOf('f', text).place(offset);
        const lines = text.split('\n');
        const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
        expect(before + column - 1).toBe(offset);
      }),
    );
  });
});

describe('a line', () => {
  it.each([
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b', '']],
    ['', ['']],
  ])('of %j is without its end', (text, lines) => {
    const source = sourceOf('f', text);
    expect(lines.map((_, index) => source.line(index + 1))).toEqual(lines);
    expect(source.line(lines.length + 1)).toBeUndefined();
    expect(source.line(0)).toBeUndefined();
  });
});

describe('an excerpt', () => {
  const outer = sourceOf('f', 'q = "a\\"b\nc"\n');
  // What the string says, without its quotes and its escape.
  const inner = excerptOf(outer, 'a"b\nc', [5, 6, 8, 9, 10, 11]);

  it('has the places and the lines of the text around it', () => {
    expect(Array.from({ length: 5 }, (_, at) => inner.place(at)).map((at) => [at.line, at.column])).toEqual([
      [1, 6],
      [1, 7],
      [1, 9],
      [1, 10],
      [2, 1],
    ]);
    expect(problemAt(inner, 4, said)).toMatchObject({ place: { file: 'f', line: 2 }, sourceLine: 'c"' });
    expect(inner.place(99)).toEqual(inner.place(5));
  });
});

describe('the caret', () => {
  it.each([
    { at: 1, length: 20, shown: 20 },
    { at: 1, length: 1_000, shown: 201 },
    { at: 200, length: 400, shown: 400 },
    { at: 200, length: 1_000_000, shown: 400 },
    { at: 201, length: 201, shown: undefined },
    { at: 5_000, length: 10_000, shown: undefined },
  ])('in column $at of a line of $length characters shows $shown of them', ({ at, length, shown }) => {
    const { sourceLine } = problemAt(sourceOf('f', `x\n${'y'.repeat(length)}\nz`), 2 + at - 1, said);
    expect(sourceLine?.length).toBe(shown);
  });

  it('stands under its column, and no escape sequence gets through', () => {
    const source = sourceOf('a.yaml', 'a: 1\nb:\t\u001b[31mred\u009b\r\n');
    const problem = problemAt(source, source.text.indexOf('\u001b'), {
      code: 'c',
      message: 'bad \u001b[2J',
      hint: 'not \u0007',
      severity: 'warning',
    });
    expect(formatProblem(problem).split('\n')).toEqual([
      'a.yaml:2:4: warning: bad \ufffd[2J [c]',
      '  b:\t\ufffd[31mred\ufffd',
      '    \t^',
      '  not \ufffd',
    ]);
  });

  it('is left out where the text is not at hand', () => {
    const place = { file: 'f', line: 3, column: 1 };
    expect(problemIn(undefined, place, said)).toEqual({ ...said, place, severity: 'error' });
  });
});
