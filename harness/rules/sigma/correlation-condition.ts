// Reads the condition of a correlation: bounds such as `gte: 10`.

import type { Place } from '../../model/place.ts';
import {
  type BoundOperator,
  boundOperators,
  type Correlation,
  type CorrelationType,
  type Reference,
} from './ast.ts';
import { readFields } from './header.ts';
import type { Report } from './report.ts';
import { suggestionFor } from './suggestion.ts';
import { describeNode, entryOf, type YamlMap, type YamlScalar } from './yaml-node.ts';

type CorrelationCondition = NonNullable<Correlation['condition']>;

/** Gives undefined where a condition is not needed, `unusable` after reporting. */
export function readCondition(
  map: YamlMap,
  type: CorrelationType,
  rules: readonly Reference[],
  report: Report,
): CorrelationCondition | undefined | 'unusable' {
  const entry = entryOf(map, 'condition');
  if (entry === undefined) {
    if (isTemporal(type)) return undefined;
    report.error(
      'correlation-condition',
      map.place,
      `\`${type}\` wants a condition`,
      'For example `condition: gte: 10`.',
    );
    return 'unusable';
  }
  if (entry.value.kind !== 'map') {
    report.error(
      'correlation-condition',
      entry.value.place,
      `expected a map such as \`gte: 10\`, got ${describeNode(entry.value)}`,
    );
    return 'unusable';
  }
  return readBounds(entry.value, type, rules, report) ?? 'unusable';
}

/** The condition of a temporal correlation, when it is in words. */
export function conditionInWords(map: YamlMap, type: CorrelationType): YamlScalar | undefined {
  const node = entryOf(map, 'condition')?.value;
  return isTemporal(type) && node?.kind === 'scalar' && typeof node.value === 'string' ? node : undefined;
}

const isTemporal = (type: CorrelationType): boolean => type === 'temporal' || type === 'temporal_ordered';

function readBounds(
  map: YamlMap,
  type: CorrelationType,
  rules: readonly Reference[],
  report: Report,
): CorrelationCondition | undefined {
  const numbers = readNumbers(map, report);
  const field = readFields(map, 'field', report);
  if (numbers === undefined || field === undefined) return undefined;
  const condition = { ...numbers, ...(field.length === 0 ? {} : { field }) };
  const fault = faultOf(condition, type, rules.length);
  if (fault !== undefined) return report.error('correlation-condition', map.place, ...fault);
  warnAbout(map, type, report);
  return condition;
}

function readNumbers(
  map: YamlMap,
  report: Report,
): Pick<CorrelationCondition, 'bounds' | 'percentile'> | undefined {
  const bounds: { op: BoundOperator; value: number }[] = [];
  let percentile: number | undefined;
  const fail = (place: Place, message: string, hint?: string) =>
    report.error('correlation-condition', place, message, hint);
  for (const { key, keyPlace, value } of map.entries) {
    if (key === 'field') continue;
    const number = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : undefined;
    const op = boundOperators.find((known) => known === key);
    if (op === undefined && key !== 'percentile') {
      const hint = suggestionFor(key, [...boundOperators, 'field', 'percentile']);
      return fail(keyPlace, `unknown condition \`${key}\``, hint);
    }
    if (number === undefined)
      return fail(value.place, `\`${key}\` wants a number, got ${describeNode(value)}`);
    if (op === undefined) percentile = number;
    else bounds.push({ op, value: number });
  }
  return { bounds, ...(percentile === undefined ? {} : { percentile }) };
}

/** Why a condition can't be that of a correlation of this type, and what to do. */
function faultOf(
  { bounds, field = [], percentile = 50 }: CorrelationCondition,
  type: CorrelationType,
  rules: number,
): readonly [message: string, hint?: string] | undefined {
  if (bounds.length === 0) return ['the condition compares with nothing', 'For example `gte: 10`.'];
  if (type.startsWith('value_')) {
    if (field.length === 0) return [`\`${type}\` wants a \`field\` whose values it looks at`];
    if (field.length > 1 && type !== 'value_count') return [`\`${type}\` wants a single \`field\``];
  }
  if (percentile < 0 || percentile > 100) return ['`percentile` wants a number from 0 to 100'];
  // In order, a part of the rules would be in which order? Only "all of them" has one.
  if (type === 'temporal_ordered' && !bounds.every(({ op, value }) => meansAll(op, value, rules))) {
    return [
      '`temporal_ordered` wants all of its rules: a condition on their number is not supported',
      'Leave the condition out.',
    ];
  }
  return undefined;
}

const meansAll = (op: BoundOperator, value: number, rules: number): boolean =>
  ((op === 'gte' || op === 'eq') && value === rules) ||
  (op === 'gt' && value === rules - 1) ||
  (op === 'lte' && value >= rules);

/** Warns about what another type of correlation would look at, and what this one has to assume. */
function warnAbout(map: YamlMap, type: CorrelationType, report: Report): void {
  const looksAt = { field: type.startsWith('value_'), percentile: type === 'value_percentile' };
  for (const [key, isUsed] of Object.entries(looksAt)) {
    const entry = entryOf(map, key);
    if (isUsed || entry === undefined) continue;
    const hint = key === 'field' ? 'To count distinct values, write `type: value_count`.' : undefined;
    report.warning('idle-key', entry.keyPlace, `\`${type}\` looks at no \`${key}\``, hint);
  }
  if (looksAt.percentile && entryOf(map, 'percentile') === undefined) {
    report.warning(
      'no-percentile',
      map.place,
      'the condition does not say which percentile; the 50th is taken',
      'For example `percentile: 95`.',
    );
  }
}
