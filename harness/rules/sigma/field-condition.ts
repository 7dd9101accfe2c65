// What is asked of a field beyond its values: that it is there, that it compares with another, when it was.

import type { Predicate } from '../predicate.ts';
import { compareFields, comparePart, isMissing, isPresent } from './computed.ts';
import type { FieldName } from './names.ts';
import { hasWildcards, literalOf, parsePattern } from './pattern.ts';
import type { TimePart } from './timestamp.ts';
import { comparisonOf, numberOf, orderOf, textOf, type ValueUse } from './value-use.ts';

/** `exists` */
export function lowerExists({ value, lowering }: ValueUse, { field }: FieldName): Predicate | undefined {
  const isThere = typeof value.value === 'boolean' ? value.value : value.truth;
  if (isThere === undefined) {
    const hint =
      typeof value.value === 'string' ? 'YAML knows `true` and `false`, without quotes.' : undefined;
    return lowering.report.error('value-type', value.place, '`exists` wants true or false', hint);
  }
  return isThere ? isPresent(field, value.place) : isMissing(field, value.place);
}

/** `fieldref` */
export function lowerFieldReference(valueUse: ValueUse, { field }: FieldName): Predicate | undefined {
  const { value, use, lowering } = valueUse;
  const name = textOf(valueUse, 'fieldref');
  if (name === undefined) return undefined;
  const pattern = parsePattern(name);
  if (hasWildcards(pattern) || name === '') {
    return lowering.report.error(
      'value-type',
      value.place,
      '`fieldref` wants the name of a field, without wildcards',
    );
  }
  const other = lowering.names.field(literalOf(pattern), value.place);
  return compareFields(field, comparisonOf(use), other.field, !use.has('cased'), value.place);
}

/** `hour`, `week` …, alone or with `gte` and its like */
export function lowerTimePart(
  valueUse: ValueUse,
  { field }: FieldName,
  part: TimePart,
): Predicate | undefined {
  const bound = numberOf(valueUse, part);
  if (bound === undefined) return undefined;
  return comparePart(field, part, orderOf(valueUse.use), Number(bound), valueUse.value.place);
}
