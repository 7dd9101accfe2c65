// What a complaint advises where somebody wrote what another language would have understood.

import { expect, it } from 'vitest';
import { parseEql } from '../../../../harness/rules/eql/index.ts';

it.each([
  ['any where a == "b" AND c == 1', 20, 'Keywords are lower case: `and`.'],
  ['any where a == "b" && c == 1', 20, 'Conjunction is written `and`.'],
  ['any where a == "b" || c == 1', 21, 'Disjunction is written `or`.'],
  ['any where !a == "b"', 11, 'Negation is written `not`, before the whole condition.'],
  ['any where a not like "b"', 13, '`not` stands before the whole condition'],
  ['any where (a contains "b")', 14, 'Write `field : "*…*"`, or `stringContains(field, "…")`.'],
  ['any where a is null', 13, 'Write `field == null`, or `field != null`.'],
  ['any where a : "b", "c"', 18, 'Several values stand in parentheses'],
  ['any where a in "b"', 16, 'The values stand in parentheses'],
  ['any where a == b', 16, 'A string stands between double quotes.'],
  ['any where a == b.c', 16, 'Compare each field with a literal'],
  ['any where a == “b”', 16, 'A string stands between straight double quotes.'],
  ['any where a == 1;', 17, 'Nothing ends a query but its own end.'],
  ['any where startwith(a, "b")', 11, 'Did you mean startsWith?'],
  ['any where my-field == "b"', 23, 'A field name with a hyphen is written in backquotes: `my-field`.'],
  ['where a == 1', 1, 'A query reads `category where condition`'],
  ['sequence maxspan=1m [any where a] [any where b]', 10, 'A span stands before the first stage'],
  ['sequence [any where a] [any where b] with maxspan=1m', 43, 'A span stands before the first stage'],
  ['sequence [any where a], [any where b]', 23, 'Stages follow one another without a sign.'],
  [
    'sequence [any where a] [any where b] until any where c',
    44,
    'A stage reads `[ category where condition ]`.',
  ],
])('%s', (query, column, advice) => {
  expect(parseEql('query.eql', query).problems).toMatchObject([
    { place: { line: 1, column }, severity: 'error', hint: expect.stringContaining(advice) },
  ]);
});
