// What Endgame's EQL (and Elastic Endpoint's, which goes on from it) has and Elasticsearch's has not: each is refused
// by its name, with what to write instead.

import type { ProblemText } from '../../model/source.ts';

/** Words that ask about a process tree: `descendant of [ … ]`. */
export const lineageWords: ReadonlySet<string> = new Set(['child', 'descendant', 'event']);

export function lineageProblem(word: string): ProblemText {
  return {
    code: 'endgame-lineage',
    message: `\`${word} of\` belongs to Endgame's EQL; Elasticsearch's has no process lineage`,
    hint: 'Write a sequence that joins on process.entity_id and process.parent.entity_id.',
  };
}

export const joinProblem: ProblemText = {
  code: 'endgame-join',
  message: "`join` belongs to Endgame's EQL; Elasticsearch's has none",
  hint: 'Events in any order: `sample by`. Events in order: `sequence by`.',
};

export const forkProblem: ProblemText = {
  code: 'endgame-fork',
  message: "`fork` belongs to Endgame's EQL; a sequence in Elasticsearch's keeps one pending match per key",
};

export const aliasProblem: ProblemText = {
  code: 'endpoint-alias',
  message: "`as` belongs to Elastic Endpoint's EQL; stages in Elasticsearch's have no names",
  hint: 'What two stages have in common is written as a join key: `] by field`.',
};

/** Pipes by name. */
export const pipeProblems: Readonly<Record<string, ProblemText>> = Object.fromEntries(
  ['count', 'filter', 'sort', 'unique', 'unique_count'].map((name) => [
    name,
    {
      code: 'endgame-pipe',
      message: `the pipe \`${name}\` belongs to Endgame's EQL; Elasticsearch's has \`head\` and \`tail\``,
      ...(name === 'filter' && { hint: 'Put the condition into the `where` of the query.' }),
    },
  ]),
);

/** Functions by their lower-case name. */
export const functionProblems: Readonly<Record<string, ProblemText>> = {
  arraycontains: endgameFunction(
    'arrayContains',
    'Comparisons look at every value of a field: `field == "value"`.',
  ),
  arraycount: endgameFunction('arrayCount'),
  arraysearch: endgameFunction('arraySearch'),
  _arraysearch: endgameFunction('_arraysearch'),
  match: endgameFunction('match', 'Write `field regex "…"`.'),
  matchlite: endgameFunction('matchLite', 'Write `field regex "…"`.'),
  safe: endgameFunction('safe'),
};

function endgameFunction(name: string, hint?: string): ProblemText {
  return {
    code: 'endgame-function',
    message: `the function \`${name}\` belongs to Endgame's EQL; Elasticsearch's has none`,
    ...(hint !== undefined && { hint }),
  };
}

export const equalsSignProblem: ProblemText = {
  code: 'endgame-equals',
  message: 'expected `==` or `:`, found `=`',
  hint: '`==` minds the case of letters; `:` does not, and knows the wildcards * and ?.',
};

export const arrayIndexProblem: ProblemText = {
  code: 'endgame-array-index',
  message: "an index into an array belongs to Endgame's EQL",
  hint: 'Comparisons look at every value of a field: leave the index out.',
};

export const methodCallProblem: ProblemText = {
  code: 'endgame-method',
  message: "calling a function behind a value (`value:length()`) belongs to Endgame's EQL",
  hint: 'Write the value as the first argument: `length(value)`.',
};
