// `between(source, left, right[, greedy])`: the text between two others.

import { fold } from '../../match/text.ts';
import { type EqlFunction, text } from './function.ts';

export const between: EqlFunction = {
  name: 'between',
  insensitive: true,
  parameters: [
    { name: 'source', type: 'string' },
    { name: 'left', type: 'string' },
    { name: 'right', type: 'string' },
    { name: 'greedy_matching', type: 'boolean', optional: true, nullable: true },
  ],
  repeats: false,
  returns: 'string',
  apply([source, left, right, greedy], insensitive) {
    return textBetween(
      text(source),
      text(left),
      text(right),
      greedy === true,
      insensitive ? fold : asWritten,
    );
  },
};

/** Where one of the two is not found the result is empty; where one of the three is empty it is the source. */
function textBetween(
  source: string,
  left: string,
  right: string,
  greedy: boolean,
  caseOf: (text: string) => string,
): string {
  if (source === '' || left === '' || right === '') return source;
  const searched = caseOf(source);
  const found = searched.indexOf(caseOf(left));
  if (found < 0) return '';
  const start = found + left.length;
  const end = greedy ? searched.lastIndexOf(caseOf(right)) : searched.indexOf(caseOf(right), start);
  return end < start ? '' : source.slice(start, end);
}

const asWritten = (value: string): string => value;
