// What is found wrong with a rule file, collected while it is read.

import type { Problem } from '../../model/errors.ts';
import type { Place } from '../../model/place.ts';
import { problemIn, type Source } from '../../model/source.ts';

/** Everything found wrong with one file so far; parsing goes on where it can, so that all of it is told at once. */
export interface Report {
  readonly problems: readonly Problem[];
  /** Gives undefined, so that a parser can report and give up in one statement. */
  error(code: string, place: Place, message: string, hint?: string): undefined;
  warning(code: string, place: Place, message: string, hint?: string): undefined;
}

/** `code` is completed to `sigma/<code>`. */
export function reportOn(source: Source): Report {
  const problems: Problem[] = [];
  const add =
    (severity: Problem['severity']) => (code: string, place: Place, message: string, hint?: string) => {
      const text = { code: `sigma/${code}`, message, severity };
      problems.push(problemIn(source, place, hint === undefined ? text : { ...text, hint }));
      return undefined;
    };
  return { problems, error: add('error'), warning: add('warning') };
}

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === 'error');
