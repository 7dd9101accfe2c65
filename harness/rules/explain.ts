// Why a rule matched an event, or what kept it from matching: data that reports and commands can show.

import type { Place } from '../model/place.ts';
import { describe, quote } from './describe.ts';
import { closeness } from './explain-closeness.ts';
import { compileCondition, type EventCondition } from './match/condition.ts';
import { compileFilters, type EventMatcherOptions } from './match/event-matcher.ts';
import { fieldReader } from './match/field.ts';
import { filtersOf } from './match/plan.ts';
import { eventReader } from './match/record.ts';
import type { Predicate } from './predicate.ts';
import type { EventFilter, Rule } from './rule.ts';

/** One filter of a rule (the rule itself, or a stage of its sequence) held against one event. */
export interface Explanation {
  readonly rule: Rule;
  /** Number of the filter, from 0: the stages of a sequence, then `until`; 0 for a rule over single events. */
  readonly filter: number;
  /** Position of the event in what was given. */
  readonly event: number;
  readonly matched: boolean;
  /** What made it match: the tests on the branch that held. */
  readonly because: readonly Finding[];
  /** What would have to be different: the nearest branch's tests that failed, exclusions that held. */
  readonly failed: readonly Finding[];
  /** 0 when matched; otherwise about one per failed test, less where the value came close. */
  readonly distance: number;
}

/** One test and the values that it saw. */
export interface Finding {
  /** What was asked, in words. */
  readonly text: string;
  /** Where the rule asks it; absent for the log source or category. */
  readonly place?: Place;
  /** True when the rule excludes what passes the test. */
  readonly excluded: boolean;
  readonly seen: readonly Seen[];
}

export interface Seen {
  readonly field: string;
  /** Undefined when the event does not have the field. */
  readonly value: unknown;
}

/** Explains each filter of the rule on one event. */
export function explain(rule: Rule, event: object, options: EventMatcherOptions): readonly Explanation[] {
  return nearest(rule, [event], { ...options, limit: 1 }).flat();
}

/**
 * The events that came nearest to matching: for each filter of the rule up to `limit` explanations, nearest first,
 * events of equal distance in their order.
 */
export function nearest(
  rule: Rule,
  events: readonly object[],
  { limit, ...options }: EventMatcherOptions & { readonly limit: number },
): readonly (readonly Explanation[])[] {
  const readEvent = eventReader(options.fields);
  return filtersOf(rule.query).map((query, filter) => {
    const nearReason = filterReasoner(query, options);
    const near: Near[] = [];
    for (const [position, record] of events.entries()) {
      const event = readEvent(record);
      const reason = nearReason(event, near.length < limit ? undefined : near.at(-1)?.distance);
      if (reason === null) continue;
      const rank = near.findIndex(({ distance }) => reason.distance < distance);
      near.splice(rank < 0 ? near.length : rank, 0, { ...reason, event, position });
      if (near.length > limit) near.pop();
    }
    return near.map((reason) => explanationOf(rule, filter, reason));
  });
}

type Near = Reason & { readonly event: object; readonly position: number };

const explanationOf = (
  rule: Rule,
  filter: number,
  { because, failed, distance, event, position }: Near,
): Explanation => {
  const matched = failed.length === 0;
  return {
    rule,
    filter,
    event: position,
    matched,
    because: matched ? decisive(because).map((leaf) => finding(leaf, event)) : [],
    failed: failed.map((leaf) => finding(leaf, event)),
    distance,
  };
};

/** What a match owes to exclusions that do not apply is told only when there is nothing else to tell. */
function decisive(because: readonly Leaf[]): readonly Leaf[] {
  const held = because.filter(({ excluded }) => !excluded);
  return held.length > 0 ? held : because;
}

/** Asked for what is nearer than `farthest` alone, it gives null for an event that cannot be, as most are, unexamined. */
function filterReasoner(
  filter: EventFilter,
  options: EventMatcherOptions,
): (event: object, farthest: number | undefined) => Reason | null {
  const always: Predicate = { kind: 'constant', value: true, place: filter.where.place };
  const isOfSource = compileFilters([{ ...filter, where: always }], options);
  return (event, farthest) => {
    const isForeign = isOfSource(event).length === 0;
    if (isForeign && farthest !== undefined && farthest <= foreignDistance) return null;
    const reason = reasonFor(filter.where, event, true);
    if (!isForeign) return reason;
    return { because: [], failed: [filter, ...reason.failed], distance: reason.distance + foreignDistance };
  };
}

/** An event of another kind is no near miss, however well its fields fit. */
const foreignDistance = 100;

/** Words are found only for what is shown in the end. */
interface Reason {
  readonly because: readonly Leaf[];
  readonly failed: readonly (Leaf | EventFilter)[];
  readonly distance: number;
}

interface Leaf {
  readonly predicate: Predicate;
  readonly excluded: boolean;
}

/** Compiled once: a rule is explained on the events of many cases. */
const conditions = new WeakMap<Predicate, EventCondition>();

function conditionOf(predicate: Predicate): EventCondition {
  const condition = conditions.get(predicate) ?? compileCondition(predicate);
  conditions.set(predicate, condition);
  return condition;
}

/** Why a predicate is `wanted` on the event, or what is nearest to making it so. */
function reasonFor(predicate: Predicate, event: object, wanted: boolean): Reason {
  switch (predicate.kind) {
    case 'not':
      return reasonFor(predicate.of, event, !wanted);
    case 'and':
    case 'or': {
      const reasons = predicate.of.map((part) => reasonFor(part, event, wanted));
      // All parts of an `and` must hold, one part of an `or`; to be false it is the other way round.
      return (predicate.kind === 'and') === wanted ? allOf(reasons) : nearestOf(reasons, predicate, wanted);
    }
    case 'constant':
    case 'field':
    case 'keyword':
    case 'computed':
      return leafReason(predicate, event, wanted, conditionOf(predicate)(event));
  }
}

const allOf = (reasons: readonly Reason[]): Reason => ({
  because: reasons.flatMap(({ because }) => because),
  failed: reasons.flatMap(({ failed }) => failed),
  distance: reasons.reduce((sum, { distance }) => sum + distance, 0),
});

function nearestOf(reasons: readonly Reason[], predicate: Predicate, wanted: boolean): Reason {
  const [first, ...others] = reasons;
  if (first === undefined) return { because: [], failed: [{ predicate, excluded: !wanted }], distance: 1 };
  return others.reduce((near, reason) => (reason.distance < near.distance ? reason : near), first);
}

function leafReason(predicate: Predicate, event: object, wanted: boolean, holds: boolean): Reason {
  const leaf = { predicate, excluded: !wanted };
  if (holds === wanted) return { because: [leaf], failed: [], distance: 0 };
  return { because: [], failed: [leaf], distance: wanted ? 1 - closeness(predicate, event) / 2 : 1 };
}

function finding(leaf: Leaf | EventFilter, event: object): Finding {
  if ('where' in leaf) return foreignFinding(leaf, event);
  const { predicate, excluded } = leaf;
  const seen = fieldsOf(predicate).map((field) => ({ field, value: fieldReader(field)(event) }));
  return { text: describe(predicate), place: predicate.place, excluded, seen };
}

function foreignFinding({ category, logsource }: EventFilter, event: object): Finding {
  const field = category === undefined ? 'logsource' : 'event.category';
  const wanted = category ?? Object.values(logsource ?? {}).join('/');
  const seen = [{ field, value: fieldReader(field)(event) }];
  return { text: `${field} is ${quote(wanted)}`, excluded: false, seen };
}

function fieldsOf(predicate: Predicate): readonly string[] {
  if (predicate.kind === 'field') return [predicate.field];
  return predicate.kind === 'computed' ? predicate.fields : [];
}
