// A problem of a query: one text under EQL's own codes, collected or thrown.

import { ContentError, type Problem } from '../../model/errors.ts';
import { type ProblemText, problemAt, type Source } from '../../model/source.ts';

/** The text as a problem at an offset of the source; its `code` is completed to `eql/<code>`. */
export const eqlProblem = (source: Source, offset: number, text: ProblemText): Problem =>
  problemAt(source, offset, { ...text, code: `eql/${text.code}` });

/** Ends parsing: after a syntax error nothing that follows can be trusted. @throws ContentError */
export function refuse(source: Source, offset: number, text: ProblemText): never {
  throw new ContentError([eqlProblem(source, offset, text)]);
}
