// What somebody likely meant by a word or a sign that EQL does not have at that place: the habits of other languages.

import { type Keyword, keywords, type Token } from './token.ts';

const words: Readonly<Record<string, string>> = {
  contains: 'Write `field : "*…*"`, or `stringContains(field, "…")`.',
  endswith: 'Write `field : "*…"`, or `endsWith(field, "…")`.',
  exists: 'Write `field != null`.',
  is: 'Write `field == null`, or `field != null`.',
  matches: 'Write `field regex "…"`, or `field like "…"` with the wildcards * and ?.',
  startswith: 'Write `field : "…*"`, or `startsWith(field, "…")`.',
};

/** What to write instead of the token, where that can be guessed. */
export function hintFor(token: Token, following: Token): string | undefined {
  if (token.kind === 'keyword' && token.value === 'not' && following.kind !== 'end') {
    return '`not` stands before the whole condition: `not field : "…"`; only `in` may be written `not in`.';
  }
  if (token.kind === 'punctuator' && token.value === ',') {
    return 'Several values stand in parentheses: `field : ("…", "…")`.';
  }
  if (token.kind !== 'identifier') return undefined;
  const lower = token.value.toLowerCase();
  return lower !== token.value && isKeyword(lower) ? `Keywords are lower case: \`${lower}\`.` : words[lower];
}

const isKeyword = (word: string): word is Keyword => keywords.some((keyword) => keyword === word);
