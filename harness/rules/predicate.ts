// The one condition tree that Sigma and EQL both lower to: two-valued, over the fields of one event.
//
// Lists are spelled out: `in (a, b)` and a Sigma list become an `or` with one child per value, each with its
// own place, so that coverage and explanations can name the value. Putting them together again for speed is the
// compiler's work. EQL's null logic and case rules, Sigma's wildcards and modifiers are resolved by the lowering:
// nothing below this line knows which language a rule was written in.

import type { Place } from '../model/place.ts';

export type Predicate =
  | Constant
  | Conjunction
  | Disjunction
  | Negation
  | FieldTest
  | KeywordTest
  | ComputedTest;

export interface Constant {
  readonly kind: 'constant';
  readonly value: boolean;
  readonly place: Place;
}

export interface Conjunction {
  readonly kind: 'and';
  readonly of: readonly Predicate[];
  readonly place: Place;
}

export interface Disjunction {
  readonly kind: 'or';
  readonly of: readonly Predicate[];
  readonly place: Place;
  /** Alternatives that only spell out one value (Sigma's windash and base64offset): coverage counts them as one. */
  readonly single?: true;
}

export interface Negation {
  readonly kind: 'not';
  readonly of: Predicate;
  readonly place: Place;
}

/** True when any value of the field passes the test (fields may hold arrays); an absent field has no value. */
export interface FieldTest {
  readonly kind: 'field';
  /** Dotted path; events may hold it nested, flat, or mixed. */
  readonly field: string;
  readonly test: ValueTest;
  readonly place: Place;
  /** Where the field's name stands; absent: at `place`. */
  readonly fieldPlace?: Place;
}

/** True when any value of any field of the event passes the test (Sigma keywords). */
export interface KeywordTest {
  readonly kind: 'keyword';
  readonly test: ValueTest;
  readonly place: Place;
}

/** A condition that is more than one field against one literal: functions, arithmetic, field against field. */
export interface ComputedTest {
  readonly kind: 'computed';
  /** The condition as source text: its identity for sharing, and what explanations show. */
  readonly text: string;
  /** Every field that `holds` reads. */
  readonly fields: readonly string[];
  /** Where each of them stands first; absent: at `place`. */
  readonly fieldPlaces?: readonly Place[];
  /**
   * Pure; `value` gives undefined for a field that is absent or null, arrays as they are; `isThere` tells whether
   * the event has the field at all, null included.
   */
  readonly holds: (value: (field: string) => unknown, isThere: (field: string) => boolean) => boolean;
  readonly place: Place;
}

/** Text tests compare numbers and booleans by their text; `caseless` folds by simple Unicode lower case. */
export type ValueTest =
  | { readonly op: 'equals'; readonly value: string | number | boolean; readonly caseless: boolean }
  | {
      readonly op: 'starts-with' | 'ends-with' | 'contains';
      readonly value: string;
      readonly caseless: boolean;
    }
  | { readonly op: 'wildcard'; readonly pattern: WildcardPattern; readonly caseless: boolean }
  /** `source` is RE2 syntax, already checked; `whole` anchors it at both ends. Flags: i, m, s. */
  | { readonly op: 'regex'; readonly source: string; readonly flags: string; readonly whole: boolean }
  /** A whole number that a double cannot hold is a bigint: such numbers are compared exactly. */
  | { readonly op: '<' | '<=' | '>' | '>='; readonly value: number | bigint | string }
  | { readonly op: 'cidr'; readonly network: string }
  /** The field has a value that is not null. */
  | { readonly op: 'exists' };

/** Literal runs between wildcards: `a*b?c` is ['a', '*', 'b', '?', 'c'] with the wildcards as symbols. */
export type WildcardPattern = readonly (string | typeof anyRun | typeof anyOne)[];
/** `*`: any number of characters, none included, line breaks included. */
export const anyRun = Symbol('*');
/** `?`: exactly one character. */
export const anyOne = Symbol('?');
