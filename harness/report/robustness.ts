// What survived variants, in the words and numbers that every report shows.

import type { RobustnessRecord, RunRecord } from '../model/run-record.ts';

/** `91 %`, cut and not rounded: 100 % is all of them. */
const percentOf = (got: number, of: number): string => (of === 0 ? '–' : `${Math.floor((100 * got) / of)} %`);

/** `Variants: 512 of 561 executed are seen (91 %); 40 inert, 22 refused`; null where no variant ran. */
export function variantsLine({ summary: { variants } }: RunRecord): string | null {
  if (!variants) return null;
  const { executed, seen, inert, refused, errored } = variants;
  const others = Object.entries({ inert, refused, errored })
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  return [
    `Variants: ${seen} of ${executed} executed are seen (${percentOf(seen, executed)})`,
    ...(others.length > 0 ? [others.join(', ')] : []),
  ].join('; ');
}

/** `claims 4K, beaten at 1`; what is not known is left out. */
export function levelText({ level: { claimed, measured }, cheapest }: RobustnessRecord): string {
  return [
    ...(claimed === null ? [] : [`claims ${claimed}`]),
    ...(measured === null ? [] : [cheapest ? `beaten at ${measured}` : `stands at ${measured}`]),
  ].join(', ');
}

/** Whether it was beaten by less than it claims. */
export const isOverclaimed = ({ level: { claimed, measured } }: RobustnessRecord): boolean =>
  claimed !== null && measured !== null && Number.parseInt(measured, 10) < Number.parseInt(claimed, 10);

/** The axes on which it lost most, weakest first: `client 2/10, place 3/9`; those that it survived whole are left out. */
export const weakAxes = ({ axes }: RobustnessRecord): string[] =>
  Object.entries(axes)
    .filter(([, { executed, survived }]) => survived < executed)
    .toSorted(([, a], [, b]) => a.survived / a.executed - b.survived / b.executed)
    .map(([axis, { executed, survived }]) => `${axis} ${survived}/${executed}`);

/** The three weakest axes for a table, and how many misses are documented nowhere: `client 2/10, 3 undocumented`. */
export const weakSpots = (row: RobustnessRecord): string[] => [
  ...weakAxes(row).slice(0, 3),
  ...(row.undocumented ? [`${row.undocumented.length} undocumented`] : []),
];

/** The rules that lost most first. */
export const byWeakness = (a: RobustnessRecord, b: RobustnessRecord): number =>
  a.survived / a.executed - b.survived / b.executed;

/** `rule-a (310), rule-b (+120)`: the rules that together see all that any rule sees. */
export const coveringRules = ({ summary: { variants } }: RunRecord): string =>
  (variants?.cover ?? []).map(({ rule, adds }, at) => `${rule} (${at > 0 ? '+' : ''}${adds})`).join(', ');
