// The words of a query.

import type { Span } from './span.ts';

export type Token = Span &
  (
    | { readonly kind: 'identifier' | 'insensitive-name'; readonly value: string }
    /** Between backquotes: a name that is never a keyword. */
    | { readonly kind: 'quoted-identifier'; readonly value: string }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'integer' | 'decimal'; readonly value: string }
    | { readonly kind: 'keyword'; readonly value: Keyword }
    | { readonly kind: 'punctuator'; readonly value: Punctuator }
    | { readonly kind: 'end'; readonly value: '' }
  );

/** Lower case only, as in Elasticsearch: `AND` is a name. */
export const keywords = [
  'and',
  'any',
  'by',
  'false',
  'in',
  'in~',
  'join',
  'like',
  'like~',
  'maxspan',
  'not',
  'null',
  'of',
  'or',
  'regex',
  'regex~',
  'sample',
  'sequence',
  'true',
  'until',
  'where',
  'with',
] as const;
export type Keyword = (typeof keywords)[number];

/** Longer ones first, so that the first that fits is the right one. */
export const punctuators = [
  '==',
  '!=',
  '<=',
  '>=',
  '![',
  ':',
  '=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '.',
  ',',
  '[',
  ']',
  '(',
  ')',
  '|',
  '?',
] as const;
export type Punctuator = (typeof punctuators)[number];

/** The token as it is named in problems. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the query';
    case 'string':
      return 'a string';
    case 'integer':
    case 'decimal':
      return `the number ${token.value}`;
    case 'identifier':
    case 'quoted-identifier':
      return `the name \`${token.value}\``;
    case 'insensitive-name':
      return `the name \`${token.value}~\``;
    case 'keyword':
    case 'punctuator':
      return `\`${token.value}\``;
  }
}
