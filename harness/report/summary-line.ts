// A run in one line: what every text report ends with.

import type { RunRecord } from '../model/run-record.ts';
import type { Paint } from './table.ts';

/** Counts that matter, in words; `replay` of bare events has no cases, and says what its rules did. */
export function summaryLine({ summary, run, cases, rules }: RunRecord, paint: Paint): string {
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  const judged = rules.length > 0 ? [`${summary.rules.fired} of ${rules.length} rules fired`] : [];
  if (cases.length === 0) return [...judged, ...unusable(summary, paint)].join(', ') || 'nothing was judged';

  const { pass, fail, error, skip } = summary.cases;
  const verdicts = [
    paint('green', `${pass} passed`),
    fail > 0 ? paint('red', `${fail} failed`) : '0 failed',
    ...(error > 0 ? [paint('magenta', `${error} errored`)] : []),
    ...(skip > 0 ? [`${skip} skipped`] : []),
    ...unusable(summary, paint),
  ].join(', ');
  const observed = Object.entries(summary.observations)
    .filter(([, count]) => count > 0)
    .map(([observation, count]) => `${count} ${observation}`)
    .join(', ');
  const { detected, missed } = summary.detections;
  const mitigations = Object.entries(summary.mitigations)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ');
  return [
    `${verdicts} in ${seconds.toFixed(1)} s`,
    observed,
    `${detected} of ${detected + missed} detections`,
    ...(mitigations ? [`mitigations: ${mitigations}`] : []),
    ...judged,
  ].join(' · ');
}

const unusable = ({ rules }: RunRecord['summary'], paint: Paint): string[] =>
  rules.unusable > 0 ? [paint('yellow', `${rules.unusable} rules unusable`)] : [];
