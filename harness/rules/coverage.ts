// Which branches of rules events have proven: rule coverage, as code coverage is for code.
//
// An alternative is proven by an event that the rule matched through it: going down from the root, every part of
// an `and`, those parts of an `or` that hold. An exclusion is proven by an event that the rule did not match and
// would have matched had this one branch, and nothing else, been false. For sequences and samples both are asked
// of each stage, alternatives only of the events of complete matches. What must not occur (missing stages, `until`)
// is proven by any event that passes it.

import { lazily } from '../model/lazily.ts';
import {
  type Branch,
  type BranchNode,
  branchesOf,
  branchTreesOf,
  correlationBranch,
  prevents,
} from './coverage-branches.ts';
import { type Condition, compileConditions } from './match/condition.ts';
import { compileFilters, type EventMatcher, type EventMatcherOptions } from './match/event-matcher.ts';
import { EventView } from './match/event-view.ts';
import { filtersOf } from './match/plan.ts';
import { eventReader } from './match/record.ts';
import type { Predicate } from './predicate.ts';
import type { EventFilter, Rule } from './rule.ts';

export interface BranchCoverage {
  readonly branches: readonly Branch[];
  /** Ids of the branches that some event has proven. */
  readonly proven: ReadonlySet<string>;
}

/** Coverage of the rules, empty at first; it grows with every match and every event shown to it. */
export class RuleCoverage {
  readonly #covered: ReadonlyMap<Rule, CoveredRule>;
  readonly #options: EventMatcherOptions;
  readonly #filters: readonly CoveredFilter[];
  #withoutExclusions: EventMatcher | undefined;

  /** What an event must pass for `seenPassing` to learn of it. */
  readonly watched: readonly EventFilter[];

  readonly #readEvent: (record: object) => object;
  /** The event of which it is asked what it proves. */
  readonly #view = new EventView();

  constructor(rules: readonly Rule[], options: EventMatcherOptions) {
    this.#readEvent = eventReader(options.fields);
    this.#covered = new Map(rules.map((rule) => [rule, coveredRule(rule, this.#view)]));
    this.#filters = [...this.#covered.values()]
      .flatMap(({ filters }) => filters)
      .filter(({ filter, prevents }) => prevents || excludes(filter.where));
    this.#options = options;
    this.watched = this.#filters.map(({ filter }) => ({
      ...filter,
      where: withoutExclusions(filter.where),
    }));
  }

  /** Takes a match of a rule: the events in the order that the match names them, undefined where one is not at hand. */
  matched(rule: Rule, events: readonly (object | undefined)[]): void {
    const covered = this.#covered.get(rule);
    if (covered === undefined) return;
    if (rule.query.kind === 'correlation') covered.proven.add(correlationBranch(rule.query).id);
    for (const [index, event] of events.entries()) {
      const filter = covered.filters[covered.filterOfStep[index] ?? -1];
      if (filter === undefined || event === undefined) continue;
      const { tree, byMatch } = filter.ways();
      if (isProven(byMatch, filter.proven)) continue;
      this.#view.show(this.#readEvent(event));
      proveWays(valued(tree), true, covered.proven);
    }
  }

  /** Takes any event: proves the exclusions that alone kept a rule from it. */
  seen(record: object): void {
    this.#withoutExclusions ??= compileFilters(this.watched, this.#options);
    const event = this.#readEvent(record);
    this.#prove(event, this.#withoutExclusions(event));
  }

  /** The same, where somebody has found out which of `watched` the event passes. */
  seenPassing(record: object, watched: readonly number[]): void {
    if (watched.length > 0) this.#prove(this.#readEvent(record), watched);
  }

  #prove(event: object, watched: readonly number[]): void {
    let isShown = false;
    for (const index of watched) {
      const filter = this.#filters[index];
      if (filter === undefined) continue;
      const { tree, byEvent } = filter.ways();
      if (isProven(byEvent, filter.proven)) continue;
      if (!isShown) this.#view.show(event);
      isShown = true;
      const root = valued(tree);
      if (filter.prevents) proveWays(root, true, filter.proven);
      else if (!root.value) for (const { id } of turning(root)) filter.proven.add(id);
    }
  }

  /** What has been proven of a rule so far. */
  of(rule: Rule): BranchCoverage {
    return { branches: branchesOf(rule), proven: this.#covered.get(rule)?.proven ?? new Set() };
  }
}

interface CoveredRule {
  readonly filters: readonly CoveredFilter[];
  /** For each event of a match the filter that it passed. */
  readonly filterOfStep: readonly number[];
  readonly proven: Set<string>;
}

interface CoveredFilter {
  readonly filter: EventFilter;
  readonly prevents: boolean;
  readonly proven: Set<string>;
  /** Worked out when it is first asked for: most rules never match, and most events pass nothing of theirs. */
  readonly ways: () => CoveredWays;
}

interface CoveredWays {
  readonly tree: CompiledNode;
  /** Branches that a match may prove, and those that any event may: when all are, there is nothing to look for. */
  readonly byMatch: readonly string[];
  readonly byEvent: readonly string[];
}

const isProven = (branches: readonly string[], proven: ReadonlySet<string>): boolean =>
  branches.every((id) => proven.has(id));

/** @param view shows the events that its conditions are asked of */
function coveredRule(rule: Rule, view: EventView): CoveredRule {
  const proven = new Set<string>();
  const trees = lazily(() => branchTreesOf(rule));
  const filters = filtersOf(rule.query).map((filter, index): CoveredFilter => {
    const isPreventing = prevents(rule, index);
    const ways = lazily(() => {
      const tree = compiledTree(trees()[index] as BranchNode, view);
      const byMatch = waysOf(tree, true);
      return { tree, byMatch, byEvent: isPreventing ? byMatch : branchesBelow(tree) };
    });
    return { filter, prevents: isPreventing, proven, ways };
  });
  return { filters, filterOfStep: stepsOf(rule), proven };
}

/** Missing stages have no event in a match, repeated ones have several. */
function stepsOf({ query }: Rule): readonly number[] {
  switch (query.kind) {
    case 'event':
      return [0];
    case 'sequence':
      return query.stages.flatMap(({ missing, runs }, index) =>
        missing ? [] : Array<number>(runs).fill(index),
      );
    case 'sample':
      return [...query.stages.keys()];
    case 'correlation':
      return [];
  }
}

/** Whether anything stands under a `not`. */
const excludes = (predicate: Predicate): boolean =>
  predicate.kind === 'not' ||
  ((predicate.kind === 'and' || predicate.kind === 'or') && predicate.of.some(excludes));

/** What would have to hold were nothing excluded: much cheaper to ask of every event. */
function withoutExclusions(predicate: Predicate): Predicate {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return { ...predicate, of: predicate.of.map(withoutExclusions) };
    case 'not':
      return { kind: 'constant', value: true, place: predicate.place };
    case 'constant':
    case 'field':
    case 'keyword':
    case 'computed':
      return predicate;
  }
}

/** A node with what decides it: its children, or a condition where there are none. */
interface CompiledNode {
  readonly kind: Predicate['kind'];
  readonly branch: Branch | undefined;
  readonly children: readonly CompiledNode[];
  readonly holds: Condition | undefined;
}

/** The leaves as conditions over the view's event: what several of them ask is asked once. */
function compiledTree(root: BranchNode, view: EventView): CompiledNode {
  const leaves = leavesOf(root);
  const conditions = compileConditions(
    leaves.map(({ predicate }) => predicate),
    view,
  );
  const conditionOf = new Map(leaves.map((leaf, index) => [leaf, conditions[index]]));
  const compiled = (node: BranchNode): CompiledNode => ({
    kind: node.predicate.kind,
    branch: node.branch,
    children: node.children.map(compiled),
    holds: conditionOf.get(node),
  });
  return compiled(root);
}

const leavesOf = (node: BranchNode): readonly BranchNode[] =>
  node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);

interface ValuedNode {
  readonly kind: Predicate['kind'];
  readonly branch: Branch | undefined;
  readonly children: readonly ValuedNode[];
  readonly value: boolean;
}

/** On the event that is shown. */
function valued({ kind, branch, children, holds }: CompiledNode): ValuedNode {
  if (holds !== undefined) return { kind, branch, children: [], value: holds() };
  const below = children.map(valued);
  return { kind, branch, children: below, value: combined(kind, below) };
}

function combined(kind: Predicate['kind'], children: readonly ValuedNode[]): boolean {
  if (kind === 'or') return children.some(({ value }) => value);
  if (kind === 'not') return children.some(({ value }) => !value);
  return children.every(({ value }) => value);
}

/** Goes down the parts that make the node what it is (`value`), and notes the branches that hold on the way. */
function proveWays(node: ValuedNode, value: boolean, proven: Set<string>): void {
  if (node.value !== value) return;
  if (value && node.branch !== undefined) proven.add(node.branch.id);
  const decisive = node.children.filter((child) => child.value === (node.kind === 'not' ? !value : value));
  // One false part of an `and` is why it is false; of several none is.
  if (node.kind === 'and' && !value && decisive.length > 1) return;
  for (const child of decisive) proveWays(child, child.value, proven);
}

/** All that `proveWays` may ever note, going down from a node of this value. */
function waysOf({ kind, branch, children }: CompiledNode, value: boolean): readonly string[] {
  const own = value && branch !== undefined ? [branch.id] : [];
  return [...own, ...children.flatMap((child) => waysOf(child, kind === 'not' ? !value : value))];
}

/** All that `turning` may ever name. */
const branchesBelow = ({ branch, children }: CompiledNode): readonly string[] => [
  ...(branch === undefined ? [] : [branch.id]),
  ...children.flatMap(branchesBelow),
];

/** The true branches that, were they alone false, would turn the node's value. */
function turning(node: ValuedNode): readonly Branch[] {
  const own = node.branch !== undefined && node.value ? [node.branch] : [];
  if (node.kind === 'not') return [...own, ...node.children.flatMap(turning)];
  // An `and` that is true turns with any part, one that is false only with the one part that is; `or` mirrors it.
  const turnsWithAny = node.kind === 'and' ? node.value : !node.value;
  const decisive = node.children.filter(({ value }) => value === node.value);
  if (turnsWithAny) return [...own, ...node.children.flatMap(turning)];
  return decisive.length === 1 ? [...own, ...decisive.flatMap(turning)] : own;
}
