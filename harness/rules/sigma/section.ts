// Gives detections and conditions their meaning: one predicate for the whole `detection` part of a rule.

import type { Place } from '../../model/place.ts';
import { wildcardMatcher } from '../match/wildcard.ts';
import { anyRun, type Predicate } from '../predicate.ts';
import type { Condition, ConditionQuantified, Detection, DetectionSection } from './ast.ts';
import { lowerItem } from './item.ts';
import { suggestionFor } from './suggestion.ts';
import type { Lowering } from './value-use.ts';

/** Gives undefined after reporting when any part of it has no meaning. */
export function lowerSection(section: DetectionSection, lowering: Lowering): Predicate | undefined {
  const lowered = new Map<string, Predicate | undefined>();
  for (const [name, detection] of section.detections) lowered.set(name, lowerDetection(detection, lowering));
  const used = new Set<string>();
  const scope: Scope = { lowering, lowered, used };
  const conditions = section.conditions.map((condition) => lowerCondition(condition, scope));
  if (conditions.includes(undefined) || [...lowered.values()].includes(undefined)) return undefined;
  for (const [name, { place }] of section.detections) {
    if (used.has(name) || name.startsWith('_')) continue;
    lowering.report.warning('unused-detection', place, `no condition uses the detection \`${name}\``);
  }
  return junction('or', conditions, section.conditions[0]?.place);
}

function lowerDetection(detection: Detection, lowering: Lowering): Predicate | undefined {
  switch (detection.kind) {
    case 'item':
      return lowerItem(detection, lowering);
    case 'map':
      return junction(
        'and',
        detection.items.map((item) => lowerItem(item, lowering)),
        detection.place,
      );
    case 'list':
      return junction(
        'or',
        detection.of.map((each) => lowerDetection(each, lowering)),
        detection.place,
      );
  }
}

/** Undefined when a part is: whoever made it so has reported. */
function junction(
  kind: 'and' | 'or',
  parts: readonly (Predicate | undefined)[],
  place: Place | undefined,
): Predicate | undefined {
  const of = parts.filter((part) => part !== undefined);
  const [first] = of;
  if (of.length < parts.length || first === undefined) return undefined;
  return of.length === 1 ? first : { kind, of, place: place ?? first.place };
}

interface Scope {
  readonly lowering: Lowering;
  readonly lowered: ReadonlyMap<string, Predicate | undefined>;
  /** Names that some condition mentions. */
  readonly used: Set<string>;
}

function lowerCondition(condition: Condition, scope: Scope): Predicate | undefined {
  switch (condition.kind) {
    case 'name': {
      const { name, place } = condition;
      if (!scope.lowered.has(name)) {
        return scope.lowering.report.error(
          'unknown-detection',
          place,
          `there is no detection \`${name}\``,
          suggestionFor(name, [...scope.lowered.keys()]),
        );
      }
      scope.used.add(name);
      return scope.lowered.get(name);
    }
    case 'quantified':
      return lowerQuantified(condition, scope);
    case 'not': {
      const of = lowerCondition(condition.of, scope);
      return of && { kind: 'not', of, place: condition.place };
    }
    case 'and':
    case 'or': {
      const of = condition.of.map((each) => lowerCondition(each, scope));
      return junction(condition.kind, of, condition.place);
    }
  }
}

function lowerQuantified(condition: ConditionQuantified, scope: Scope): Predicate | undefined {
  const { atLeast, pattern, place } = condition;
  const { report } = scope.lowering;
  const names = namesMatching(pattern, [...scope.lowered.keys()]);
  for (const name of names) scope.used.add(name);
  if (names.length === 0) {
    return report.error(
      'unknown-detection',
      place,
      pattern === 'them'
        ? 'there is no detection that does not begin with `_`'
        : `no detection matches \`${pattern}\``,
      suggestionFor(pattern, [...scope.lowered.keys()]),
    );
  }
  const parts = names.map((name) => scope.lowered.get(name));
  if (atLeast === 'all' || atLeast === names.length) return junction('and', parts, place);
  if (atLeast === 1) return junction('or', parts, place);
  if (atLeast > names.length) {
    return report.error('quantifier', place, `${atLeast} of ${names.length} detections can never hold`);
  }
  if (combinations(names.length, atLeast) > 1_000) {
    return report.error(
      'quantifier',
      place,
      `${atLeast} of ${names.length} detections are too many combinations`,
    );
  }
  const known = parts.filter((part) => part !== undefined);
  return known.length < parts.length ? undefined : someOf(atLeast, known, place);
}

/** Names that begin with `_` are left out unless the pattern begins so too. */
function namesMatching(pattern: string, names: readonly string[]): readonly string[] {
  if (pattern === 'them') return names.filter((name) => !name.startsWith('_'));
  const matches = wildcardMatcher(pattern.split(/(\*)/).map((part) => (part === '*' ? anyRun : part)));
  return names.filter((name) => matches(name) && (pattern.startsWith('_') || !name.startsWith('_')));
}

function combinations(total: number, chosen: number): number {
  let count = 1;
  for (let index = 0; index < chosen; index++) count = (count * (total - index)) / (index + 1);
  return count;
}

/** At least so many of the parts: either the first is one of them, or all of them are among the rest. */
function someOf(atLeast: number, parts: readonly Predicate[], place: Place): Predicate {
  const [first, ...rest] = parts;
  if (first === undefined || atLeast === 0) return { kind: 'constant', value: atLeast === 0, place };
  if (atLeast === parts.length) return { kind: 'and', of: parts, place };
  if (atLeast === 1) return { kind: 'or', of: parts, place };
  const withFirst: Predicate = { kind: 'and', of: [first, someOf(atLeast - 1, rest, place)], place };
  return { kind: 'or', of: [withFirst, someOf(atLeast, rest, place)], place };
}
