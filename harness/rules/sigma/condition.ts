// Parses a condition such as `selection and not 1 of filter_*`.
//
//   condition  = and { "or" and }
//   and        = not { "and" not }
//   not        = "not" not | primary
//   primary    = "(" condition ")" | quantifier "of" pattern | name
//   quantifier = "all" | "any" | number
//   pattern    = "them" | name with any number of "*"

import type { Place } from '../../model/place.ts';
import type { Condition, ConditionJunction } from './ast.ts';
import type { Report } from './report.ts';

const conditionLimits = Object.freeze({ tokens: 5_000, depth: 100 });

/**
 * Parses one condition. `placeOf` gives the place of a character of the text.
 * Gives undefined after reporting when the text is not a condition.
 */
export function parseCondition(
  text: string,
  placeOf: (index: number) => Place,
  report: Report,
): Condition | undefined {
  const tokens = tokensOf(text);
  const fail = (index: number, message: string, hint?: string) =>
    report.error('condition', placeOf(index), message, hint);
  const first = tokens[0];
  if (first === undefined) return fail(0, 'the condition is empty; expected the name of a detection');
  if (tokens.length > conditionLimits.tokens) {
    return fail(first.at, `the condition has more than ${conditionLimits.tokens} words`);
  }
  const pipe = tokens.find(({ text }) => text.includes('|') && text !== '||');
  if (pipe !== undefined) {
    return fail(
      pipe.at + pipe.text.indexOf('|'),
      'aggregations (`| count() by … > n`, `| near …`) are not part of Sigma 2',
      `Write a correlation rule (\`correlation: type: ${correlationFor(text)}\`) that refers to this rule.`,
    );
  }
  const parser: Parser = { tokens, position: 0, depth: 0, end: text.trimEnd().length, placeOf, fail };
  const condition = parseOr(parser);
  if (condition === undefined) return undefined;
  const rest = tokens[parser.position];
  if (rest !== undefined) {
    const message = `expected \`and\`, \`or\` or the end, got \`${rest.text}\``;
    return fail(rest.at, message, hintAbout(rest.text));
  }
  return condition;
}

/** What has taken the place of an aggregation: of `count(field)` its values count, of `count()` the events. */
function correlationFor(condition: string): string {
  const [, name = '', field = ''] = /\|\s*(\w+)(?:\s*\(\s*([^)\s]*))?/.exec(condition) ?? [];
  if (name === 'near') return 'temporal';
  if (['sum', 'avg', 'min', 'max'].includes(name)) return `value_${name}`;
  return field === '' ? 'event_count' : 'value_count';
}

interface Token {
  readonly text: string;
  readonly at: number;
}

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(/[()]|[^\s()]+/g)].map((match) => ({ text: match[0], at: match.index }));

interface Parser {
  readonly tokens: readonly Token[];
  position: number;
  depth: number;
  /** Where the text ends: the place of "something is missing". */
  readonly end: number;
  readonly placeOf: (index: number) => Place;
  readonly fail: (index: number, message: string, hint?: string) => undefined;
}

/** Operators may be written in any case, as older rules do. */
const isWord = (token: Token | undefined, word: string): boolean => token?.text.toLowerCase() === word;

/** condition = and { "or" and } */
const parseOr = (parser: Parser): Condition | undefined => parseJunction(parser, 'or', parseAnd);

/** and = not { "and" not } */
const parseAnd = (parser: Parser): Condition | undefined => parseJunction(parser, 'and', parseNot);

function parseJunction(
  parser: Parser,
  kind: ConditionJunction['kind'],
  parseOperand: (parser: Parser) => Condition | undefined,
): Condition | undefined {
  const first = parseOperand(parser);
  if (first === undefined) return undefined;
  const of = [first];
  while (isWord(parser.tokens[parser.position], kind)) {
    parser.position += 1;
    const next = parseOperand(parser);
    if (next === undefined) return undefined;
    of.push(next);
  }
  return of.length === 1 ? first : { kind, of, place: first.place };
}

/** not = "not" not | primary */
function parseNot(parser: Parser): Condition | undefined {
  const token = parser.tokens[parser.position];
  if (token === undefined || !isWord(token, 'not')) return parsePrimary(parser);
  parser.position += 1;
  const of = deeper(parser, token, parseNot);
  return of && { kind: 'not', of, place: parser.placeOf(token.at) };
}

/** primary = "(" condition ")" | quantifier "of" pattern | name */
function parsePrimary(parser: Parser): Condition | undefined {
  const { tokens, placeOf, fail } = parser;
  const token = tokens[parser.position];
  if (token === undefined)
    return fail(parser.end, 'expected the name of a detection, got the end of the condition');
  parser.position += 1;
  if (token.text === '(') {
    const inner = deeper(parser, token, parseOr);
    if (inner === undefined) return undefined;
    const close = tokens[parser.position];
    if (close === undefined) return fail(token.at, 'this parenthesis is never closed');
    if (close.text !== ')') return fail(close.at, `expected \`and\`, \`or\` or \`)\`, got \`${close.text}\``);
    parser.position += 1;
    return inner;
  }
  if (isWord(tokens[parser.position], 'of')) return parseQuantified(parser, token);
  if (token.text === ')' || ['and', 'or', 'of'].some((word) => isWord(token, word))) {
    return fail(token.at, `expected the name of a detection, got \`${token.text}\``);
  }
  if (!/^[\p{L}\p{N}_.-]+$/u.test(token.text)) {
    return fail(token.at, `\`${token.text}\` is not the name of a detection`, hintAbout(token.text));
  }
  return { kind: 'name', name: token.text, place: placeOf(token.at) };
}

function hintAbout(word: string): string | undefined {
  if (/^(?:&|!|\|\|)/.test(word)) return 'Sigma writes `and`, `or` and `not`.';
  return word.includes('*') ? `Write \`1 of ${word}\` or \`all of ${word}\`.` : undefined;
}

/** quantifier "of" pattern; the quantifier has been read, "of" is next. */
function parseQuantified(parser: Parser, quantifier: Token): Condition | undefined {
  const { tokens, placeOf, fail } = parser;
  const atLeast = quantityOf(quantifier.text);
  if (atLeast === undefined) {
    return fail(
      quantifier.at,
      `expected a number from 1, \`any\` or \`all\` before \`of\`, got \`${quantifier.text}\``,
    );
  }
  const of = tokens[parser.position];
  const pattern = tokens[parser.position + 1];
  if (pattern === undefined || !/^[\p{L}\p{N}_.*-]+$/u.test(pattern.text)) {
    return fail(
      pattern?.at ?? parser.end,
      `expected \`them\` or a pattern such as \`selection_*\` after \`${of?.text}\`, got ${pattern === undefined ? 'the end' : `\`${pattern.text}\``}`,
    );
  }
  parser.position += 2;
  const text = isWord(pattern, 'them') ? 'them' : pattern.text;
  return { kind: 'quantified', atLeast, pattern: text, place: placeOf(quantifier.at) };
}

function quantityOf(text: string): number | 'all' | undefined {
  if (text.toLowerCase() === 'all') return 'all';
  if (text.toLowerCase() === 'any') return 1;
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

function deeper(
  parser: Parser,
  at: Token,
  parse: (parser: Parser) => Condition | undefined,
): Condition | undefined {
  if (parser.depth >= conditionLimits.depth) {
    return parser.fail(at.at, `nested too deeply: at most ${conditionLimits.depth} levels are read`);
  }
  parser.depth += 1;
  const condition = parse(parser);
  parser.depth -= 1;
  return condition;
}
