// The shape of a parsed query: Elasticsearch's grammar, nothing resolved yet.

import type { Span } from './span.ts';

/** A whole query: `query | pipe | pipe`. */
export interface Statement extends Span {
  readonly query: EventQueryNode | SequenceNode | SampleNode;
  readonly pipes: readonly PipeNode[];
}

export interface EventQueryNode extends Span {
  readonly kind: 'event';
  readonly filter: EventFilterNode;
}

/** `process where …`. */
export interface EventFilterNode extends Span {
  /** Absent for `any where`. */
  readonly category?: string;
  readonly where: Expression;
}

export interface SequenceNode extends Span {
  readonly kind: 'sequence';
  readonly by: readonly FieldReference[];
  readonly maxSpan?: DurationNode;
  readonly terms: readonly TermNode[];
  readonly until?: TermNode;
}

export interface SampleNode extends Span {
  readonly kind: 'sample';
  readonly by: readonly FieldReference[];
  readonly terms: readonly TermNode[];
}

/** `[ filter ] by keys with runs=N`, or `![ filter ]`. */
export interface TermNode extends Span {
  readonly filter: EventFilterNode;
  readonly missing: boolean;
  readonly by: readonly FieldReference[];
  readonly runs: number;
}

export interface DurationNode extends Span {
  readonly count: number;
  readonly unit: DurationUnit;
}

export const durationUnits = ['ms', 's', 'm', 'h', 'd'] as const;
export type DurationUnit = (typeof durationUnits)[number];

export interface PipeNode extends Span {
  readonly kind: 'head' | 'tail';
  readonly count: Expression;
}

export type Expression =
  | Literal
  | FieldReference
  | FunctionCall
  | NotExpression
  | MinusExpression
  | LogicalExpression
  | Comparison
  | Arithmetic
  | Membership
  | PatternMatch;

export type Literal = StringLiteral | NumberLiteral | BooleanLiteral | NullLiteral;

export interface StringLiteral extends Span {
  readonly kind: 'string';
  readonly value: string;
}

/** Integers are bigint, so that 64 bits stay exact and division knows which kind it has. */
export interface NumberLiteral extends Span {
  readonly kind: 'number';
  readonly value: bigint | number;
}

export interface BooleanLiteral extends Span {
  readonly kind: 'boolean';
  readonly value: boolean;
}

export interface NullLiteral extends Span {
  readonly kind: 'null';
}

/** `process.name`, `?process.Ext.token`, `` `my-field` ``. */
export interface FieldReference extends Span {
  readonly kind: 'field';
  /** What stood between the dots. */
  readonly segments: readonly string[];
  readonly optional: boolean;
}

/** `startsWith(…)`; `insensitive` for `startsWith~(…)`. */
export interface FunctionCall extends Span {
  readonly kind: 'call';
  readonly name: string;
  readonly insensitive: boolean;
  readonly arguments: readonly Expression[];
}

export interface NotExpression extends Span {
  readonly kind: 'not';
  readonly of: Expression;
}

export interface MinusExpression extends Span {
  readonly kind: 'minus';
  readonly of: Expression;
}

/** A chain of the same operator is one node; parentheses begin a new one. */
export interface LogicalExpression extends Span {
  readonly kind: 'and' | 'or';
  readonly of: readonly Expression[];
}

export interface Comparison extends Span {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export const comparisonOperators = ['==', '!=', '<', '<=', '>', '>='] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

export interface Arithmetic extends Span {
  readonly kind: 'arithmetic';
  readonly operator: ArithmeticOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** `x in (…)`, `x not in~ (…)`. */
export interface Membership extends Span {
  readonly kind: 'in';
  readonly of: Expression;
  readonly negated: boolean;
  readonly insensitive: boolean;
  readonly values: readonly Expression[];
}

/** `x : "…"`, `x like~ ("…", "…")`, `x regex "…"`. */
export interface PatternMatch extends Span {
  readonly kind: 'pattern';
  readonly operator: PatternOperator;
  readonly of: Expression;
  readonly values: readonly Literal[];
}

export const patternOperators = [':', 'like', 'like~', 'regex', 'regex~'] as const;
export type PatternOperator = (typeof patternOperators)[number];

/** The field's name as events have it. */
export const fieldPath = (field: FieldReference): string => field.segments.join('.');
