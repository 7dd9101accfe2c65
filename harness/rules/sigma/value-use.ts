// One value of a detection item with all that bears on it, and what every kind of value needs.

import type { Place } from '../../model/place.ts';
import type { Predicate, ValueTest } from '../predicate.ts';
import type { Comparison, Order } from './computed.ts';
import type { CheckedModifier, ModifierName } from './modifier.ts';
import type { FieldName, Names } from './names.ts';
import type { Placeholders } from './placeholder.ts';
import type { Report } from './report.ts';
import type { YamlScalar } from './yaml-node.ts';

export interface Lowering {
  readonly names: Names;
  readonly placeholders: Placeholders;
  readonly report: Report;
}

/** One value of an item, and all that bears on it. */
export interface ValueUse {
  readonly value: YamlScalar;
  /** null: a keyword. */
  readonly field: FieldName | null;
  readonly modifiers: readonly CheckedModifier[];
  readonly use: ReadonlySet<ModifierName>;
  readonly lowering: Lowering;
}

/** The test on the field, or on what keywords are looked for in. */
export function testOf({ field, value: { place }, lowering }: ValueUse, test: ValueTest): Predicate {
  const name = field === null ? lowering.names.keywordField : field.field;
  return name === undefined ? { kind: 'keyword', test, place } : { kind: 'field', field: name, test, place };
}

/** Several ways to spell one value: coverage counts them as one. */
export function spellingsOf(of: readonly Predicate[], place: Place): Predicate | undefined {
  return of.length > 1 ? { kind: 'or', of, place, single: true } : of[0];
}

export function textOf(valueUse: ValueUse, modifier: ModifierName): string | undefined {
  const { value, lowering } = valueUse;
  if (typeof value.value === 'string') return value.value;
  return lowering.report.error(
    'value-type',
    value.place,
    `\`${modifier}\` wants text, got \`${value.value}\``,
  );
}

export function numberOf({ value, lowering }: ValueUse, modifier: string): number | bigint | undefined {
  if (value.whole !== undefined) return value.whole;
  if (typeof value.value === 'number') return value.value;
  const quoted =
    typeof value.value === 'string' && value.value.trim() !== '' && !Number.isNaN(Number(value.value));
  return lowering.report.error(
    'value-type',
    value.place,
    `\`${modifier}\` wants a number, got ${value.value === null ? 'nothing' : `the ${typeof value.value} \`${value.value}\``}`,
    quoted ? 'Leave the quotes out.' : undefined,
  );
}

/** `startswith` and `endswith` together leave both ends open, as they do on a text. */
export function comparisonOf(use: ReadonlySet<ModifierName>): Comparison {
  if (use.has('contains') || (use.has('startswith') && use.has('endswith'))) return 'contains';
  if (use.has('startswith')) return 'startswith';
  return use.has('endswith') ? 'endswith' : 'equals';
}

export const orderOf = (use: ReadonlySet<ModifierName>): Order =>
  (['lt', 'lte', 'gt', 'gte'] as const).find((order) => use.has(order)) ?? 'equals';
