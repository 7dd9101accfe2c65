// A rule after parsing and lowering: what to look for, and everything a report says about it.

import type { Place } from '../model/place.ts';
import type { Predicate } from './predicate.ts';

export interface Rule {
  /** The rule's own id; for a bare EQL query, its file name without the ending. */
  readonly id: string;
  /** Short name for people and expectations: the file name without the ending, `cron-d-created`. */
  readonly slug: string;
  readonly title: string;
  readonly description?: string;
  readonly language: 'sigma' | 'eql';
  readonly file: string;
  readonly level?: string;
  /** ATT&CK technique ids, upper case: `T1053.003`. */
  readonly techniques: readonly string[];
  readonly falsePositives: readonly string[];
  /** Sigma's log source, or the event category of an EQL rule: what telemetry it needs. */
  readonly source: RuleSource;
  readonly query: Query;
}

export type RuleSource =
  | {
      readonly kind: 'logsource';
      readonly product?: string;
      readonly category?: string;
      readonly service?: string;
    }
  /** EQL event categories that occur in the query; `any` for any. */
  | { readonly kind: 'categories'; readonly categories: readonly string[] };

export type Query = EventQuery | SequenceQuery | SampleQuery | CorrelationQuery;

/** Which events a condition looks at; everything that is cheap to decide for many rules at once. */
export interface EventFilter {
  /** ECS `event.category` that the event must have; absent: any event. */
  readonly category?: string;
  /** Sigma's log source when events carry Sigma's own field names (`logsource` in the event, when it has one). */
  readonly logsource?: { readonly product?: string; readonly category?: string; readonly service?: string };
  readonly where: Predicate;
}

export interface EventQuery extends EventFilter {
  readonly kind: 'event';
  /** EQL pipes, in order. */
  readonly pipes: readonly Pipe[];
}

export interface Pipe {
  readonly kind: 'head' | 'tail';
  readonly count: number;
}

/** A join key: field name; `optional` (`?field`) lets a missing value join with missing values. */
export interface JoinKey {
  readonly field: string;
  readonly optional: boolean;
  /** Where it stands in the rule. */
  readonly place?: Place;
}

export interface SequenceStage extends EventFilter {
  readonly by: readonly JoinKey[];
  /** `with runs=N`; 1 unless given. */
  readonly runs: number;
  /** `![…]`: the event must not occur. */
  readonly missing: boolean;
  readonly place: Place;
}

/** EQL `sequence`: ordered events that share their join keys. */
export interface SequenceQuery {
  readonly kind: 'sequence';
  readonly stages: readonly SequenceStage[];
  readonly maxSpanMs?: number;
  readonly until?: EventFilter & { readonly by: readonly JoinKey[] };
  readonly pipes: readonly Pipe[];
}

/** EQL `sample`: unordered events, one of each filter, that share their join keys. */
export interface SampleQuery {
  readonly kind: 'sample';
  readonly stages: readonly SequenceStage[];
  readonly pipes: readonly Pipe[];
}

/** Sigma correlation over the matches of other rules. */
export interface CorrelationQuery {
  readonly kind: 'correlation';
  readonly type:
    | 'event_count'
    | 'value_count'
    | 'temporal'
    | 'temporal_ordered'
    | 'value_sum'
    | 'value_avg'
    | 'value_min'
    | 'value_max'
    | 'value_percentile'
    | 'value_median';
  /** Ids of the correlated rules (single or correlation). */
  readonly rules: readonly string[];
  /** Temporal correlations only: which of the rules must have matched; all of them when absent. */
  readonly expression?: RuleExpression;
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** alias → rule id → field. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly condition?: {
    readonly field?: readonly string[];
    readonly percentile?: number;
    readonly bounds: readonly {
      readonly op: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq';
      readonly value: number;
    }[];
  };
  /** Whether the correlated rules still report matches of their own (`generate: true`). */
  readonly generate: boolean;
  readonly place: Place;
}

/** Which rules have matched within a span of time, and which have not. */
export type RuleExpression =
  | { readonly kind: 'rule'; readonly id: string }
  | { readonly kind: 'not'; readonly of: RuleExpression }
  | { readonly kind: 'and' | 'or'; readonly of: readonly RuleExpression[] };
