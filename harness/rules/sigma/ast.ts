// What a Sigma file says, before any of it is given a meaning.

import type { Place } from '../../model/place.ts';
import type { Source } from '../../model/source.ts';
import type { RuleExpression } from '../rule.ts';
import type { YamlScalar } from './yaml-node.ts';

export type SigmaDocument = DetectionDocument | CorrelationDocument | FilterDocument;

/** A rule that looks at single events. */
export interface DetectionDocument {
  readonly kind: 'detection';
  readonly source: Source;
  readonly header: Header;
  readonly logsource: LogSource;
  readonly section: DetectionSection;
}

/** A rule that looks at the matches of other rules. */
export interface CorrelationDocument {
  readonly kind: 'correlation';
  readonly source: Source;
  readonly header: Header;
  readonly correlation: Correlation;
}

/** A condition that narrows other rules. */
export interface FilterDocument {
  readonly kind: 'filter';
  readonly source: Source;
  readonly header: Header;
  readonly logsource: LogSource;
  /** `any`: every rule whose log source fits. */
  readonly rules: 'any' | readonly Reference[];
  readonly section: DetectionSection;
}

/** What all documents say about themselves. */
export interface Header {
  readonly id?: string;
  /** What correlations and filters may refer to instead of the id. */
  readonly name?: string;
  readonly title: string;
  readonly description?: string;
  readonly level?: string;
  readonly taxonomy: Taxonomy;
  readonly techniques: readonly string[];
  readonly falsePositives: readonly string[];
  /** File name without the ending; made unique where a file holds several documents. */
  readonly slug: string;
  readonly place: Place;
}

/** Whose field names the rule uses. */
export type Taxonomy = 'sigma' | 'ecs';

export interface LogSource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
  readonly place: Place;
}

/** A rule named by its id or its name. */
export interface Reference {
  readonly to: string;
  readonly place: Place;
}

export interface DetectionSection {
  readonly detections: ReadonlyMap<string, Detection>;
  /** At least one; any of them suffices. */
  readonly conditions: readonly Condition[];
}

export type Detection = DetectionMap | DetectionList | DetectionItem;

/** All items must hold. */
export interface DetectionMap {
  readonly kind: 'map';
  readonly items: readonly DetectionItem[];
  readonly place: Place;
}

/** One of the detections must hold. */
export interface DetectionList {
  readonly kind: 'list';
  readonly of: readonly Detection[];
  readonly place: Place;
}

/** `Field|modifier: value`, or keywords where there is no field. */
export interface DetectionItem {
  readonly kind: 'item';
  /** null: keywords, looked for in the whole event. */
  readonly field: string | null;
  readonly modifiers: readonly ModifierUse[];
  /** At least one. */
  readonly values: readonly YamlScalar[];
  readonly place: Place;
}

export interface ModifierUse {
  readonly name: string;
  readonly place: Place;
}

export type Condition = ConditionName | ConditionQuantified | ConditionNot | ConditionJunction;

/** The name of a detection. */
export interface ConditionName {
  readonly kind: 'name';
  readonly name: string;
  readonly place: Place;
}

/** `1 of selection_*`, `all of them`. */
export interface ConditionQuantified {
  readonly kind: 'quantified';
  readonly atLeast: number | 'all';
  /** `them` or a pattern of detection names. */
  readonly pattern: string;
  readonly place: Place;
}

export interface ConditionNot {
  readonly kind: 'not';
  readonly of: Condition;
  readonly place: Place;
}

export interface ConditionJunction {
  readonly kind: 'and' | 'or';
  /** At least two. */
  readonly of: readonly Condition[];
  readonly place: Place;
}

export const correlationTypes = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_min',
  'value_max',
  'value_percentile',
  'value_median',
] as const;
export type CorrelationType = (typeof correlationTypes)[number];

export const boundOperators = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
export type BoundOperator = (typeof boundOperators)[number];

export interface Correlation {
  readonly type: CorrelationType;
  readonly rules: readonly Reference[];
  /** Which of them must have matched, by the names that `rules` has; all when absent. */
  readonly expression?: RuleExpression;
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** alias → rule, by id or name → field. */
  readonly aliases: ReadonlyMap<string, readonly { readonly rule: Reference; readonly field: string }[]>;
  readonly condition?: {
    readonly field?: readonly string[];
    readonly percentile?: number;
    readonly bounds: readonly { readonly op: BoundOperator; readonly value: number }[];
  };
  readonly generate: boolean;
  readonly place: Place;
}
