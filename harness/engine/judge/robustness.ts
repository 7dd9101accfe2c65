// Which rules survive: what they see of the executed variants of those attacks that they see as they are. Pure.

import type { DocumentedEvasion } from '../../model/axis.ts';
import { baseOf, caseKeyOf, formatCaseKey } from '../../model/case-key.ts';
import { isUntreatedExecution } from '../../model/fired.ts';
import type { CaseRecord, RobustnessRecord } from '../../model/run-record.ts';
import { highestLevel, levelOfChanges } from './robustness-levels.ts';

/** What of it only events and rules tell. */
export interface Known {
  /** Slugs of the rules that were judged, in their order. */
  readonly rules: readonly string[];
  /** What a rule claims by its fields; null: nothing. */
  claimed(rule: string): string | null;
  /** What kept a rule from a variant; undefined: not known. */
  why(rule: string, variant: string): string | undefined;
  /** Documented misses of a rule; undefined: it is nobody's who documents them here, and none is asked for. */
  evasions(rule: string): readonly DocumentedEvasion[] | undefined;
}

/**
 * One record for each rule that sees an attack of which variants executed; of a rule that sees none, none of their variants
 * says anything. A variant that did not execute, or whose base did not, counts for nobody.
 * @param cases in the run's order
 */
export function robustnessOf(cases: readonly CaseRecord[], known: Known): RobustnessRecord[] {
  const executed = cases.filter(isUntreatedExecution);
  const bases = new Map(executed.filter(({ variant }) => variant === null).map((one) => [one.id, one]));
  const variants = executed.flatMap((one) => {
    const base = one.variant && bases.get(baseNameOf(one));
    return base ? [{ one, base }] : [];
  });
  return known.rules.flatMap((rule) => {
    const own = variants.filter(({ base }) => base.seenBy.includes(rule)).map(({ one }) => one);
    return own.length === 0 ? [] : [recordOf(rule, own, bases, known)];
  });
}

/** The id of the same case of the atomic as it is. */
export const baseNameOf = (one: CaseRecord): string => formatCaseKey(baseOf(caseKeyOf(one)));

function recordOf(
  rule: string,
  variants: readonly CaseRecord[],
  bases: ReadonlyMap<string, CaseRecord>,
  known: Known,
): RobustnessRecord {
  const isSeen = ({ seenBy }: CaseRecord): boolean => seenBy.includes(rule);
  const axes: RobustnessRecord['axes'] = {};
  for (const one of variants) {
    for (const axis of Object.keys(one.variant?.axes ?? {})) {
      const { executed, survived } = axes[axis] ?? { executed: 0, survived: 0 };
      axes[axis] = { executed: executed + 1, survived: survived + (isSeen(one) ? 1 : 0) };
    }
  }
  const survivors = variants.filter(isSeen);
  const evading = variants.filter((one) => !isSeen(one)).toSorted(byCost);
  const [cheapest] = evading;
  return {
    rule,
    bases: [...new Set(variants.map(baseNameOf))].filter((id) => bases.has(id)),
    executed: variants.length,
    survived: survivors.length,
    axes,
    cheapest: cheapest ? evasion(rule, cheapest, known) : null,
    level: { claimed: known.claimed(rule), measured: measuredLevel(survivors, cheapest) },
    ...documentation(variants, evading, known.evasions(rule)),
  };
}

/**
 * The documented misses of a rule held against what was measured. A value whose variants are all seen is documented wrongly; a
 * variant is documented where one of its values is. Values of which nothing executed here say nothing.
 */
function documentation(
  variants: readonly CaseRecord[],
  evading: readonly CaseRecord[],
  evasions: readonly DocumentedEvasion[] | undefined,
): Pick<RobustnessRecord, 'evades' | 'undocumented' | 'outdated'> {
  if (!evasions) return {};
  const has = (one: CaseRecord, axis: string, value: string): boolean => one.variant?.axes[axis] === value;
  const claims = evasions.flatMap(({ axis, values }) => values.map((value) => ({ axis, value })));
  const outdated = claims.filter(
    ({ axis, value }) =>
      variants.some((one) => has(one, axis, value)) && !evading.some((one) => has(one, axis, value)),
  );
  const undocumented = evading.filter((one) => !claims.some(({ axis, value }) => has(one, axis, value)));
  return {
    ...(evasions.length > 0 && {
      evades: evasions.map(({ axis, values, why }) => ({ axis, values: [...values], why })),
    }),
    ...(undocumented.length > 0 && { undocumented: undocumented.map(({ id }) => id) }),
    ...(outdated.length > 0 && { outdated }),
  };
}

/** Fewer axes first, then the cheaper change, then fewer of them; of those alike, the first of the run. */
const byCost = (a: CaseRecord, b: CaseRecord): number => {
  const [one, other] = [costOf(a), costOf(b)];
  const at = one.findIndex((cost, index) => cost !== other[index]);
  return at === -1 ? 0 : (one[at] as number) - (other[at] as number);
};

const costOf = ({ variant }: CaseRecord): number[] => [
  Object.keys(variant?.axes ?? {}).length,
  levelOfChanges(variant?.changes ?? []),
  variant?.changes?.length ?? 0,
];

function evasion(rule: string, { id, variant }: CaseRecord, known: Known): RobustnessRecord['cheapest'] {
  const axes = Object.entries(variant?.axes ?? {});
  return {
    case: id,
    axis: axes.map(([axis]) => axis).join(' '),
    value: axes.map(([, value]) => value).join(' '),
    why: known.why(rule, id) ?? '',
  };
}

/**
 * The level of the cheapest change that got past it. Where none did, one more than that of the dearest change that it
 * withstood; null where what a variant changes is not known.
 */
function measuredLevel(survivors: readonly CaseRecord[], cheapest: CaseRecord | undefined): string | null {
  const levels = (cheapest ? [cheapest] : survivors).flatMap(({ variant }) =>
    variant?.changes ? [levelOfChanges(variant.changes)] : [],
  );
  if (levels.length === 0) return null;
  return `${cheapest ? Math.min(...levels) : Math.min(highestLevel, Math.max(...levels) + 1)}`;
}
