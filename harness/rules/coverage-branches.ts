// The branches of a rule: what a test of the rule has to show one by one.
//
// An alternative is one way for an event to match: each child of an `or`, down to the last `or` on the way (an
// alternative that holds alternatives is not counted itself; `single` disjunctions are one value spelled in several
// ways and count as a whole). A condition without `or` is one alternative. An exclusion is the same below a `not`:
// one way for an event that otherwise matches to be let off. Below a second `not` stand alternatives again. The
// stages of a sequence that must not occur, and `until`, are exclusions as a whole.

import type { Place } from '../model/place.ts';
import { describe, describeCorrelation } from './describe.ts';
import { filtersOf } from './match/plan.ts';
import type { Predicate } from './predicate.ts';
import type { CorrelationQuery, Rule } from './rule.ts';

export interface Branch {
  /** Unique within its rule, and the same as long as the rule is: the way to it from the root. */
  readonly id: string;
  readonly place: Place;
  readonly kind: 'alternative' | 'exclusion';
  /** The condition in words. */
  readonly text: string;
}

/** The branches of all filters of a rule, in the order of the rule's text. A correlation is one alternative. */
export function branchesOf(rule: Rule): readonly Branch[] {
  if (rule.query.kind === 'correlation') return [correlationBranch(rule.query)];
  return branchTreesOf(rule).flatMap(branchesIn);
}

/** A predicate whose nodes know their branch. */
export interface BranchNode {
  readonly predicate: Predicate;
  /** Set on the nodes that are a branch. */
  readonly branch: Branch | undefined;
  readonly children: readonly BranchNode[];
}

/** One tree per filter of the rule: stages, then `until`. */
export const branchTreesOf = (rule: Rule): readonly BranchNode[] =>
  filtersOf(rule.query).map((filter, index) =>
    branchNode(filter.where, `${index}`, prevents(rule, index) ? 'exclusion' : 'alternative', true),
  );

/** Whether what passes the filter prevents a match instead of being part of it. */
export const prevents = ({ query }: Rule, filter: number): boolean =>
  query.kind === 'sequence' && (query.stages[filter]?.missing ?? true);

/** Whether the rule has fired is all that can be known of a correlation's own part. */
export const correlationBranch = (query: CorrelationQuery): Branch => ({
  id: 'correlation',
  place: query.place,
  kind: 'alternative',
  text: describeCorrelation(query),
});

function branchNode(predicate: Predicate, id: string, kind: Branch['kind'], isWay: boolean): BranchNode {
  const children = childrenOf(predicate).map((child, index) =>
    branchNode(
      child,
      `${id}.${index}`,
      predicate.kind === 'not' ? opposite[kind] : kind,
      predicate.kind === 'or' || (predicate.kind === 'not' && child.kind !== 'not'),
    ),
  );
  const isBranch = isWay && predicate.kind !== 'constant' && !holdsWays(predicate, children);
  const branch = isBranch ? { id, place: predicate.place, kind, text: describe(predicate) } : undefined;
  return { predicate, branch, children };
}

const opposite = { alternative: 'exclusion', exclusion: 'alternative' } as const;

/** Whether ways of the same kind are told apart further down; beyond a `not` stands the other kind. */
const holdsWays = (predicate: Predicate, children: readonly BranchNode[]): boolean =>
  predicate.kind !== 'not' &&
  children.some((child) => child.branch !== undefined || holdsWays(child.predicate, child.children));

const branchesIn = ({ branch, children }: BranchNode): readonly Branch[] => [
  ...(branch === undefined ? [] : [branch]),
  ...children.flatMap(branchesIn),
];

function childrenOf(predicate: Predicate): readonly Predicate[] {
  switch (predicate.kind) {
    case 'and':
      return predicate.of;
    case 'or':
      return predicate.single ? [] : predicate.of;
    case 'not':
      return [predicate.of];
    case 'constant':
    case 'field':
    case 'keyword':
    case 'computed':
      return [];
  }
}
