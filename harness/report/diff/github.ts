// The comparison of two runs for GitHub Actions: an annotation at each rule or atomic that got worse.

import { type Annotation, workflowCommands } from '../annotations.ts';
import { printable, printableLines } from '../printable.ts';
import type { Report } from '../reporter.ts';
import { placeOf } from './change-place.ts';
import { type Change, type Comparison, comparisonLine, whatText } from './comparison.ts';
import { diffSummaryOf } from './markdown.ts';

/** What got worse as errors, the rest as a count. */
export function renderDiffGithub(comparison: Comparison): Report {
  const { diff, after } = comparison;
  const output = workflowCommands([
    ...diff.worse.map((change) => annotationOf(change, after)),
    { level: 'notice', title: 'Atomclock', message: comparisonLine(diff) },
  ]);
  return { output, jobSummary: diffSummaryOf(comparison) };
}

const namesInMessage = 20;

/** A file of atomclock's own is none of this repository. */
function annotationOf(change: Change, after: Comparison['after']): Annotation {
  const at = placeOf(change, after);
  return {
    level: 'error',
    title: `worse: ${change.about} ${change.id}`,
    message: [printable(whatText(change, namesInMessage)), ...change.because.map(printableLines)].join('\n'),
    ...(at && !at.bundled && { place: at.place }),
  };
}
