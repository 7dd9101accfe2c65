// A bare query in a file of its own: `.eql`.

import { ContentError, type Problem } from '../../model/errors.ts';
import { type Source, sourceOf } from '../../model/source.ts';
import type { Rule } from '../rule.ts';
import { lowerQuery, type QueryContext } from './lower.ts';
import { parseQuery } from './parser.ts';
import { eqlProblem } from './problem.ts';

/**
 * Reads one EQL query as a rule that is named after its file.
 * Gives the rule, or the problems that stand in its way. The language: elastic.co, "EQL syntax reference".
 */
export function parseEql(file: string, text: string): { rules: Rule[]; problems: Problem[] } {
  const { lowered, problems } = compileQuery(sourceOf(file, text));
  if (lowered === undefined) return { rules: [], problems };
  const name = slugOf(file);
  const rule: Rule = {
    id: name,
    slug: name,
    title: name,
    language: 'eql',
    file,
    techniques: [],
    falsePositives: [],
    ...lowered,
  };
  return { rules: [rule], problems };
}

/** Parses and lowers a query; without `lowered` when there is any problem but warnings. */
export function compileQuery(
  source: Source,
  options: Pick<QueryContext, 'categoryField' | 'everyEvent'> = {},
): { lowered?: Pick<Rule, 'query' | 'source'>; problems: Problem[] } {
  const problems: Problem[] = [];
  try {
    const lowered = lowerQuery(parseQuery(source), {
      ...options,
      place: ({ start }) => source.place(start),
      report: ({ start }, problem) => problems.push(eqlProblem(source, start, problem)),
    });
    return problems.every(({ severity }) => severity === 'warning') ? { lowered, problems } : { problems };
  } catch (error) {
    if (error instanceof ContentError) return { problems: [...error.problems] };
    throw error;
  }
}

/** The file's name without folders and ending. */
export const slugOf = (file: string): string => (file.split(/[\\/]/).at(-1) ?? file).replace(/\.[^.]+$/, '');
