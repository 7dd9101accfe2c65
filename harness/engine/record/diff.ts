// Two runs → what changed in coverage between them.

import { idBeforeMerge, procedureOf } from '../../model/case-key.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../../model/run-record.ts';

export interface RunDiff {
  /** What was true and is no more: a regression. */
  readonly worse: readonly Change[];
  readonly better: readonly Change[];
  /** Neither: what only one of the runs has, other observations with the same verdict, branches. */
  readonly other: readonly Change[];
  /** How much both runs have in common. */
  readonly compared: { readonly cases: number; readonly mitigations: number; readonly rules: number };
}

export interface Change {
  readonly about: 'case' | 'mitigation' | 'rule';
  readonly id: string;
  /** What changed, as a phrase: `stopped firing in at-stdin@debian12`. */
  readonly what: string;
  /**
   * Where it is seen: the case itself; the case under the mitigation; of a rule what the phrase ends with, joined by
   * commas (cases, idle controls, events); of a rule that only one run has where it fired there.
   */
  readonly shownIn: readonly string[];
  /** What the newer run says about it. */
  readonly because: readonly string[];
  /** The only run that has it; missing: both have it. */
  readonly onlyIn?: 'old' | 'new';
}

/**
 * Compares two runs. What only one of them has is no regression: the newer run may be a selection of cases, or judge other
 * rules. A rule that was taken away is told with what it saw.
 */
export function diffRuns(before: RunRecord, after: RunRecord): RunDiff {
  const judged = [
    ...pairs(before.cases, after.cases, ({ id }) => id).map(compareCase),
    ...pairs(before.mitigations, after.mitigations, pairName).map(compareMitigation),
    ...compareRules(before, after),
  ].flat();
  const those = (direction: Direction) =>
    judged.filter((each) => each.direction === direction).map(({ direction: _, ...change }) => change);
  const common = <T>(one: readonly T[], other: readonly T[], key: (item: T) => string) =>
    pairs(one, other, key).filter(([was, is]) => was && is).length;
  return {
    worse: those('worse'),
    better: those('better'),
    other: those('other'),
    compared: {
      cases: common(before.cases, after.cases, ({ id }) => id),
      mitigations: common(before.mitigations, after.mitigations, pairName),
      rules: pairRules(before.rules, after.rules).filter(([was, is]) => was && is).length,
    },
  };
}

type Direction = 'worse' | 'better' | 'other';
interface JudgedChange extends Change {
  readonly direction: Direction;
}
/** The same thing in both runs; one side is missing where only the other run has it. */
type Pair<T> = readonly [before: T | undefined, after: T | undefined];

const pairName = ({ id, target, case: where }: MitigationRecord): string =>
  `${id}@${target} against ${procedureOf(where)}`;

function pairs<T>(before: readonly T[], after: readonly T[], key: (item: T) => string): Pair<T>[] {
  const was = new Map(before.map((item) => [key(item), item]));
  const is = new Map(after.map((item) => [key(item), item]));
  return [...new Set([...was.keys(), ...is.keys()])].map((each) => [was.get(each), is.get(each)]);
}

function compareCase([was, is]: Pair<CaseRecord>): JudgedChange[] {
  const about = 'case';
  const { id, reasons: because } = (is ?? was) as CaseRecord;
  const shownIn = [id];
  if (!was || !is) return onlyOne({ about, id, shownIn, because: [] }, is !== undefined);
  if (was.verdict !== is.verdict) {
    const direction = was.verdict === 'pass' ? 'worse' : is.verdict === 'pass' ? 'better' : 'other';
    return [{ about, id, what: `${was.verdict} → ${is.verdict}`, shownIn, because, direction }];
  }
  if (was.observation === is.observation) return [];
  const what = `${was.observation ?? 'not run'} → ${is.observation ?? 'not run'}`;
  return [{ about, id, what, shownIn, because, direction: 'other' }];
}

function compareMitigation([was, is]: Pair<MitigationRecord>): JudgedChange[] {
  const about = 'mitigation';
  const either = (is ?? was) as MitigationRecord;
  const id = pairName(either);
  const shownIn = [either.case];
  if (!was || !is) return onlyOne({ about, id, shownIn, because: [] }, is !== undefined);
  if (was.verdict === is.verdict) return [];
  const direction = doesItsWork(was) ? 'worse' : doesItsWork(is) ? 'better' : 'other';
  const what =
    was.verdict === 'blocks'
      ? `stopped blocking: ${is.verdict}`
      : was.verdict === 'records'
        ? `stopped recording: ${is.verdict}`
        : `${was.verdict} → ${is.verdict}`;
  return [{ about, id, what, shownIn, because: [is.reason], direction }];
}

const doesItsWork = ({ verdict }: MitigationRecord): boolean => verdict === 'blocks' || verdict === 'records';

const onlyOne = (change: Omit<Change, 'what'>, isNew: boolean): JudgedChange[] => [
  isNew
    ? { ...change, what: 'only in the new run', onlyIn: 'new', direction: 'other' }
    : { ...change, what: 'only in the old run', onlyIn: 'old', direction: 'other' },
];

function compareRules(before: RunRecord, after: RunRecord): JudgedChange[] {
  const ran = ({ cases }: RunRecord) =>
    new Set(cases.flatMap(({ id, observation }) => (observation ? [id] : [])));
  const inBoth = ran(before).intersection(ran(after));
  const bare = before.cases.length === 0 && after.cases.length === 0;
  const known = new Set([...before.cases, ...after.cases].map(({ id }) => id));
  // An idle control is no case, and every run has one for each of its targets.
  const comparable = (where: string) => bare || inBoth.has(where) || !known.has(where);
  return pairRules(before.rules, after.rules).flatMap((pair) => compareRule(pair, comparable));
}

/** By id, over renames of the file; what is left by slug, since a rule that can no longer be read may have lost its id. */
function pairRules(before: readonly RuleRecord[], after: readonly RuleRecord[]): Pair<RuleRecord>[] {
  const byId = pairs(before, after, ({ id, slug }) => id || slug);
  const alone = (side: 0 | 1) =>
    byId.flatMap((pair) => (pair[1 - side] === undefined ? (pair[side] ?? []) : []));
  const bySlug = pairs(alone(0), alone(1), ({ slug }) => slug);
  return [...byId.filter(([was, is]) => was && is), ...bySlug];
}

/** @param comparable whether both runs ran a case */
function compareRule([was, is]: Pair<RuleRecord>, comparable: (where: string) => boolean): JudgedChange[] {
  const about = 'rule';
  const id = (is ?? was)?.slug ?? '';
  const alone = (rule: RuleRecord, why: readonly string[], isNew: boolean) =>
    onlyOne({ about, id, shownIn: matches(rule), because: [...why, ...whatItSaw(rule)] }, isNew);
  if (!was) return is ? alone(is, whyNotJudged(is), true) : [];
  if (!is) return alone(was, [], false);
  const those = (of: (rule: RuleRecord) => string[]) =>
    difference(of(was).filter(comparable), of(is).filter(comparable));
  const [stopped, started] = those(matches);
  const [noLongerFalse, falsely] = those(({ falsePositives }) =>
    falsePositives.map(({ case: where }) => where),
  );
  const [mended, noisy] = those(({ crossTalk }) => crossTalk.map(({ case: where }) => idBeforeMerge(where)));
  const why = whyNotJudged(is);
  const change = (
    what: string,
    shownIn: readonly string[],
    direction: Direction,
    because: readonly string[] = [],
  ): JudgedChange => ({ about, id, what: `${what}${shownIn.join(', ')}`, shownIn, because, direction });
  const changeIn = (
    what: string,
    shownIn: readonly string[],
    direction: Direction,
    because: readonly string[] = [],
  ) => (shownIn.length > 0 ? [change(what, shownIn, direction, because)] : []);
  return [
    ...changeIn('stopped firing in ', stopped, 'worse', why),
    ...(was.error === null && is.error !== null && stopped.length === 0
      ? [change('cannot be used any more', [], 'worse', why)]
      : []),
    ...changeIn('now fires on the benign twins ', falsely, 'worse'),
    ...changeIn('now also fires on what is no attack, in ', noisy, 'worse'),
    ...changeIn('now fires in ', started, 'better'),
    ...changeIn('no longer fires on the benign twins ', noLongerFalse, 'better'),
    ...changeIn('no longer fires on what is no attack, in ', mended, 'better'),
    ...compareBranches(was, is).map((what) => change(what, [], 'other')),
  ];
}

/** Where a rule fired: cases; or, for a replay of bare events, the events themselves. */
const matches = ({ firedIn, matches }: RuleRecord): string[] => [
  ...firedIn,
  ...matches.flatMap(({ case: where, eventIds }) =>
    where === undefined ? [`event ${eventIds.join('+')}`] : [],
  ),
];

/** Of a rule that the other run does not have: what is lost with it, or won. */
function whatItSaw(rule: RuleRecord): string[] {
  const fired = matches(rule).length;
  return fired > 0 ? [`it fired in ${fired}`] : [];
}

const whyNotJudged = ({ error, unavailable, silent = [] }: RuleRecord): string[] => [
  ...[error, unavailable].filter((reason) => typeof reason === 'string'),
  ...silent.map(
    ({ technique, nearest }) => `silent on ${technique}; closest in ${nearest.case}: ${nearest.text}`,
  ),
];

function compareBranches(was: RuleRecord, is: RuleRecord): string[] {
  if (was.branches.proven === is.branches.proven && was.branches.total === is.branches.total) return [];
  const shown = ({ proven, total }: RuleRecord['branches']) => `${proven} of ${total}`;
  return [`proven branches: ${shown(was.branches)} → ${shown(is.branches)}`];
}

/** What only the first has, and what only the second has. */
function difference(one: readonly string[], other: readonly string[]): [string[], string[]] {
  const [left, right] = [new Set(one), new Set(other)];
  return [[...left.difference(right)], [...right.difference(left)]];
}
