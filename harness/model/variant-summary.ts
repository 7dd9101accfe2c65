// What the variants of a run came to as a whole: how many executed, which of them any rule saw, and which rules that needs.

import { isUntreatedExecution } from './fired.ts';
import type { CaseRecord, RunRecord } from './run-record.ts';

type Summary = NonNullable<RunRecord['summary']['variants']>;

/**
 * Counts the attacks' variants; those under a mitigation are none of them.
 * @returns undefined where no variant ran
 */
export function summarizeVariants(cases: readonly CaseRecord[]): Summary | undefined {
  const variants = cases.filter(
    ({ kind, variant, mitigation, observation }) =>
      kind === 'attack' && variant !== null && mitigation === null && observation !== null,
  );
  if (variants.length === 0) return undefined;
  const axes: Summary['axes'] = {};
  for (const one of variants) {
    for (const axis of Object.keys(one.variant?.axes ?? {})) {
      axes[axis] = added(axes[axis] ?? noneOf, one);
    }
  }
  const executed = variants.filter(isUntreatedExecution);
  return { ...variants.reduce(added, noneOf), axes, cover: smallestCover(executed) };
}

type Counts = Omit<Summary, 'axes' | 'cover'>;

const noneOf: Counts = { executed: 0, seen: 0, inert: 0, refused: 0, errored: 0 };

function added(counts: Counts, one: CaseRecord): Counts {
  switch (one.observation) {
    case 'executed':
      return {
        ...counts,
        executed: counts.executed + 1,
        seen: counts.seen + (one.seenBy.length > 0 ? 1 : 0),
      };
    case 'refused':
      return { ...counts, refused: counts.refused + 1 };
    case 'errored':
      return { ...counts, errored: counts.errored + 1 };
    default:
      return { ...counts, inert: counts.inert + 1 };
  }
}

/** Greedy: always the rule that sees most of what no earlier one does; of those alike, the first by name. */
function smallestCover(executed: readonly CaseRecord[]): Summary['cover'] {
  const cover: { rule: string; adds: number }[] = [];
  let open = executed.filter(({ seenBy }) => seenBy.length > 0);
  while (open.length > 0) {
    const counts = new Map<string, number>();
    for (const rule of open.flatMap(({ seenBy }) => seenBy)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const [best] = [...counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
    if (!best) break;
    const [rule, adds] = best;
    cover.push({ rule, adds });
    open = open.filter(({ seenBy }) => !seenBy.includes(rule));
  }
  return cover;
}
