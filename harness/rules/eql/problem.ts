// Complaints about a query: where it is, what is wrong, what would be right.

import { ContentError, type Problem } from '../../model/errors.ts';
import type { Source } from './location.ts';

export interface Complaint {
  /** Without the `eql/` in front. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** A warning hides no rule. */
  readonly severity?: Problem['severity'];
}

/** The complaint as a problem at an offset of the source. */
export function problemAt(source: Source, offset: number, complaint: Complaint): Problem {
  const { code, message, hint, severity = 'error' } = complaint;
  const sourceLine = source.lineAt(offset);
  return {
    code: `eql/${code}`,
    message,
    place: source.place(offset),
    ...(sourceLine.length <= widestLine && { sourceLine }),
    severity,
    ...(hint !== undefined && { hint }),
  };
}

/** A caret under a line that no terminal can show helps nobody. */
const widestLine = 1000;

/** Ends parsing: after a syntax error nothing that follows can be trusted. Throws ContentError. */
export function refuse(source: Source, offset: number, complaint: Complaint): never {
  throw new ContentError([problemAt(source, offset, complaint)]);
}
