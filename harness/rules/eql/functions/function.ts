// What a function of the language is: how it is called, what it computes, and when it is a plain test of a field.

import type { ProblemText } from '../../../model/source.ts';
import type { ValueTest } from '../../predicate.ts';
import type { Value } from '../value.ts';

export interface EqlFunction {
  /** As the reference spells it; queries may use any case. */
  readonly name: string;
  /** Whether `name~` exists. */
  readonly insensitive: boolean;
  readonly parameters: readonly Parameter[];
  /** The last parameter may be given any number of times. */
  readonly repeats: boolean;
  readonly returns: 'string' | 'integer' | 'number' | 'boolean';
  /**
   * Pure. Values arrive converted to the parameter's type; a null for a parameter that is not `nullable` makes the
   * result null without a call. A parameter that was left out arrives as null.
   */
  readonly apply: (values: readonly Value[], insensitive: boolean) => Value;
  /**
   * For a first argument that is a field and others that are literals: one test per literal, of which one must hold.
   * A literal that cannot be used gives a problem instead.
   */
  readonly fieldTest?: (literal: string, insensitive: boolean) => ValueTest | ProblemText;
}

export interface Parameter {
  readonly name: string;
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'any';
  readonly optional?: true;
  /** The function knows what null means here. */
  readonly nullable?: true;
  /** The argument must be a literal, and one that this accepts. */
  readonly literal?: (value: string) => ProblemText | undefined;
}

/** The value of a string parameter inside of `apply`. */
export const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** The value of an integer parameter inside of `apply`; undefined for null. */
export const position = (value: Value | undefined): number | undefined =>
  typeof value === 'bigint' || typeof value === 'number' ? Math.trunc(Number(value)) : undefined;
