// Words of a query, and the complaints about what is none.

import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../../harness/model/source.ts';
import { lex } from '../../../../harness/rules/eql/lexer.ts';
import { problemsOf } from './run.ts';

const wordsOf = (text: string): string[] =>
  lex(sourceOf('query.eql', text)).map(({ kind, value }) => `${kind}:${value}`);

describe('lex', () => {
  it.each([
    ['process where', ['identifier:process', 'keyword:where']],
    ['@timestamp _a a1', ['identifier:@timestamp', 'identifier:_a', 'identifier:a1']],
    ['AND Where', ['identifier:AND', 'identifier:Where']],
    [
      'in~ like~ regex~ endsWith~',
      ['keyword:in~', 'keyword:like~', 'keyword:regex~', 'insensitive-name:endsWith'],
    ],
    [
      '`my-field` `a``b` `in`',
      ['quoted-identifier:my-field', 'quoted-identifier:a`b', 'quoted-identifier:in'],
    ],
    [
      '1 1.5 .5 2. 3e2 4.5E-1 30s',
      [
        'integer:1',
        'decimal:1.5',
        'decimal:.5',
        'decimal:2.',
        'decimal:3e2',
        'decimal:4.5E-1',
        'integer:30',
        'identifier:s',
      ],
    ],
    [
      '== != <= >= < > = : ![ ?a',
      [
        'punctuator:==',
        'punctuator:!=',
        'punctuator:<=',
        'punctuator:>=',
        'punctuator:<',
        'punctuator:>',
        'punctuator:=',
        'punctuator::',
        'punctuator:![',
        'punctuator:?',
        'identifier:a',
      ],
    ],
  ])('reads %s', (text, words) => {
    expect(wordsOf(text)).toEqual([...words, 'end:']);
  });

  it.each([
    [String.raw`"a\"b\\c\n\t\r\b\f"`, 'a"b\\c\n\t\r\b\f'],
    [String.raw`"\u{41}\u{1f4a9}\u{00000041}"`, 'A💩A'],
    ['"it\'s"', "it's"],
    ['"""a\\n"b"""', 'a\\n"b'],
    ['"""a"""""', 'a""'],
    ['""""a"""', '"a'],
    ['""', ''],
    ['""""""', ''],
  ])('reads the string %s', (text, value) => {
    expect(wordsOf(text)).toEqual([`string:${value}`, 'end:']);
  });

  it.each([
    ['a // b\nc', ['a', 'c']],
    ['a /* b\n c */ d', ['a', 'd']],
    ['a /* b /* c */ d */ e', ['a', 'e']],
    ['a /* glob /etc/* b */ c', ['a', 'c']],
    ['a //', ['a']],
    ['\ufeffa', ['a']],
  ])('leaves comments out of %j', (text, words) => {
    expect(wordsOf(text)).toEqual([...words.map((word) => `identifier:${word}`), 'end:']);
  });

  it.each([
    [
      'a where x == "b',
      'query.eql:1:14: error: expected " to end the string on the same line [eql/unterminated-string]',
    ],
    [
      'a where x == """b',
      'query.eql:1:14: error: expected """ to end the raw string on the same line [eql/unterminated-string]',
    ],
    [
      'a where x == "\\d"',
      'query.eql:1:15: error: expected one of \\b \\t \\n \\f \\r \\" \\\' \\\\ \\u{…}, found \\d [eql/unknown-escape]',
    ],
    [
      'a where x == "\\u{d800}"',
      'query.eql:1:15: error: expected \\u{…} with 2 to 8 hexadecimal digits that name a Unicode character [eql/bad-unicode-escape]',
    ],
    [
      "a where x == 'b'",
      'query.eql:1:14: error: expected a string between double quotes, found a single quote [eql/single-quoted-string]',
    ],
    [
      'a where x == ?"b"',
      'query.eql:1:14: error: raw strings written ?"…" belong to Endgame\'s EQL [eql/old-raw-string]',
    ],
    [
      'a where !x',
      'query.eql:1:9: error: expected a word, a number, a string or an operator, found "!" [eql/unexpected-character]',
    ],
    ['a where `x', 'query.eql:1:9: error: expected ` to end the quoted name [eql/unterminated-name]'],
    ['a where /* x', 'query.eql:1:9: error: expected */ to end the comment [eql/unterminated-comment]'],
    [
      'a where ü',
      'query.eql:1:9: error: expected a word, a number, a string or an operator, found "ü" [eql/unexpected-character]',
    ],
  ])('refuses %s', (text, complaint) => {
    const [problem] = problemsOf(text);
    expect(problem?.split('\n')[0]).toBe(complaint);
  });

  it('shows the line with a caret under the place', () => {
    expect(problemsOf("process where\n\tprocess.name == 'sh'")).toEqual([
      [
        'query.eql:2:18: error: expected a string between double quotes, found a single quote [eql/single-quoted-string]',
        "  \tprocess.name == 'sh'",
        '  \t                ^',
        '  Single-quoted strings belong to Endgame\'s EQL; write "…".',
      ].join('\n'),
    ]);
  });
});
