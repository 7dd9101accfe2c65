// The comparison of two runs as GitHub-flavoured Markdown: for the pull request that changes the rules.

import { commentCharacters, stepSummaryBytes } from '../github-limits.ts';
import { joinSections, type Limit, rowsOf, type Section } from '../markdown-sections.ts';
import { code, text } from '../markdown-text.ts';
import { placeText } from '../place.ts';
import type { Report } from '../reporter.ts';
import { placeOf } from './change-place.ts';
import {
  type Alone,
  aloneText,
  attacksSeen,
  type Change,
  type Comparison,
  comparisonLine,
  othersOf,
  whatText,
} from './comparison.ts';

/** What a comment on a pull request takes; of more, the longest lists lose rows and say so. */
export const renderDiffMarkdown = (comparison: Comparison): Report => ({
  output: joined(comparison, { most: commentCharacters, sizeOf: (each) => each.length }),
});

/** The same for the page of a CI job, which takes more. */
export const diffSummaryOf = (comparison: Comparison): string =>
  joined(comparison, { most: stepSummaryBytes, sizeOf: (each) => Buffer.byteLength(each) });

function joined({ before, after, diff }: Comparison, limit: Pick<Limit, 'most' | 'sizeOf'>): string {
  const { changed, alone } = othersOf(diff);
  const verdict = diff.worse.length > 0 ? '❌' : '✅';
  const sections: Section[] = [
    {
      head: [
        `# Atomclock: ${text(before.run.id)} → ${text(after.run.id)}`,
        [
          `${verdict} **${text(comparisonLine(diff))}**`,
          ...(after.cases.length > 0
            ? [`Executed attacks that some rule saw: ${attacksSeen(before)} → ${attacksSeen(after)}`]
            : []),
        ].join('  \n'),
      ].join('\n\n'),
      rows: [],
    },
    ...changes('Worse', diff.worse, after),
    ...changes('Better', diff.better, after),
    ...changes('Changed', changed, after),
    ...(alone.length > 0 ? [{ head: '## Only in one run\n', rows: rowsOf(alone.map(aloneRow)) }] : []),
  ];
  return joinSections(sections, {
    ...limit,
    elsewhere: 'atomclock diff with --report html or --json has them all',
  });
}

function changes(title: string, list: readonly Change[], after: Comparison['after']): Section[] {
  if (list.length === 0) return [];
  const rows = list.map((change) => {
    const at = placeOf(change, after);
    const place = at ? ` (${code(placeText(at.place))}${at.bundled ? ', bundled' : ''})` : '';
    return [
      `- **${change.about}** ${code(change.id)}: ${text(whatText(change, namesInRow))}${place}`,
      ...change.because.map((reason) => `  - ${text(reason)}`),
    ].join('\n');
  });
  return [{ head: `## ${title}\n`, rows: rowsOf(rows) }];
}

const namesInRow = 20;
const namesAlone = 100;

function aloneRow(alone: Alone): string {
  const names = alone.changes.map(({ id }) => code(id));
  const more = names.length > namesAlone ? ` and ${names.length - namesAlone} more` : '';
  return `- ${aloneText(alone)}: ${names.slice(0, namesAlone).join(' ')}${more}`;
}
