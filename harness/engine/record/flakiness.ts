// Several runs of the same cases held against each other: what came out differently without a change of anything.

import type { CaseRecord, RunRecord } from '../../model/run-record.ts';

/** A case that came out in more than one way. */
export interface FlakyCase {
  readonly id: string;
  /** Each way, the most frequent first, with the runs in which it came out so (from 1). */
  readonly ways: readonly { readonly outcome: string; readonly runs: readonly number[] }[];
}

/**
 * Cases whose observation, verdict or firing rules are not the same in all runs; one that a run does not have is told as
 * missing there.
 * @param runs records of the same selection, in order
 */
export function flakyCases(runs: readonly RunRecord[]): FlakyCase[] {
  const ids = [...new Set(runs.flatMap(({ cases }) => cases.map(({ id }) => id)))];
  return ids.flatMap((id) => {
    const byOutcome = new Map<string, number[]>();
    for (const [at, { cases }] of runs.entries()) {
      const outcome = outcomeOf(cases.find((one) => one.id === id));
      byOutcome.set(outcome, [...(byOutcome.get(outcome) ?? []), at + 1]);
    }
    if (byOutcome.size < 2) return [];
    const ways = [...byOutcome].map(([outcome, in_]) => ({ outcome, runs: in_ }));
    return [{ id, ways: ways.sort((a, b) => b.runs.length - a.runs.length) }];
  });
}

function outcomeOf(found: CaseRecord | undefined): string {
  if (!found) return 'missing';
  const { observation, verdict, seenBy } = found;
  return `${observation ?? 'not run'}, ${verdict}, seen by ${[...seenBy].sort().join(' ') || 'no rule'}`;
}

/** As lines for people; what all ways have in common is left out of none. */
export const flakinessText = (runs: number, flaky: readonly FlakyCase[]): string =>
  flaky.length === 0
    ? `${runs} runs, the same in all of them\n`
    : `${flaky
        .map(({ id, ways }) =>
          [
            id,
            ...ways.map(
              ({ outcome, runs: in_ }) => `  ${in_.length} of ${runs} (${in_.join(' ')}): ${outcome}`,
            ),
          ].join('\n'),
        )
        .join('\n')}\n${flaky.length} cases are not the same in all of ${runs} runs\n`;
