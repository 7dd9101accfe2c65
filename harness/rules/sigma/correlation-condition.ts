// Reads the condition of a correlation: bounds such as `gte: 10`, or for temporal ones the rules in words.

import {
  type BoundOperator,
  boundOperators,
  type Condition,
  type Correlation,
  type CorrelationType,
  type Reference,
} from './ast.ts';
import { parseCondition } from './condition.ts';
import { readFields } from './header.ts';
import type { Complaints } from './source.ts';
import { describeNode, entryOf, type YamlEntry, type YamlMap } from './yaml-node.ts';

type CorrelationCondition = NonNullable<Correlation['condition']>;

/** Gives undefined where a condition is not needed, `unusable` after complaining. */
export function readCondition(
  map: YamlMap,
  type: CorrelationType,
  rules: readonly Reference[],
  complaints: Complaints,
): CorrelationCondition | undefined | 'unusable' {
  const entry = entryOf(map, 'condition');
  if (entry === undefined) {
    if (isTemporal(type)) return undefined;
    complaints.error(
      'correlation-condition',
      map.place,
      `\`${type}\` wants a condition`,
      'For example `condition: gte: 10`.',
    );
    return 'unusable';
  }
  if (isTemporal(type) && isText(entry)) return readExtended(entry, rules, complaints);
  if (entry.value.kind !== 'map') {
    complaints.error(
      'correlation-condition',
      entry.value.place,
      `expected a map such as \`gte: 10\`, got ${describeNode(entry.value)}`,
    );
    return 'unusable';
  }
  return readBounds(entry.value, type, rules, complaints) ?? 'unusable';
}

/** A temporal correlation may name its rules in its condition alone. */
export function conditionRules(
  map: YamlMap,
  type: CorrelationType,
  complaints: Complaints,
): readonly Reference[] | undefined {
  const entry = entryOf(map, 'condition');
  if (!isTemporal(type) || !isText(entry)) return undefined;
  return conjunctionAt(entry, complaints);
}

const isTemporal = (type: CorrelationType): boolean => type === 'temporal' || type === 'temporal_ordered';

const isText = (entry: YamlEntry | undefined): entry is YamlEntry =>
  entry?.value.kind === 'scalar' && typeof entry.value.value === 'string';

/** A condition in words, `a and b`: the rules that must all match. Gives undefined after complaining. */
function conjunctionAt({ value: node }: YamlEntry, complaints: Complaints): readonly Reference[] | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  const condition = parseCondition(node.value, node.placeOf, complaints);
  if (condition === undefined) return undefined;
  const names = conjunctionOf(condition);
  if (names !== undefined) return names;
  return complaints.error(
    'correlation-condition',
    node.place,
    'only `and` between rules is supported in the condition of a temporal correlation',
    "Write alternatives as several correlations; the absence of an event can't be expressed.",
  );
}

function conjunctionOf(condition: Condition): readonly Reference[] | undefined {
  if (condition.kind === 'name') return [{ to: condition.name, place: condition.place }];
  if (condition.kind !== 'and') return undefined;
  const parts = condition.of.map(conjunctionOf);
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
}

function readExtended(
  entry: YamlEntry,
  rules: readonly Reference[],
  complaints: Complaints,
): undefined | 'unusable' {
  const named = conjunctionAt(entry, complaints);
  if (named === undefined) return 'unusable';
  const [listed, mentioned] = [rules, named].map((list) => new Set(list.map(({ to }) => to)));
  const stray = named.find(({ to }) => !listed?.has(to)) ?? rules.find(({ to }) => !mentioned?.has(to));
  if (stray === undefined) return undefined;
  complaints.error(
    'correlation-condition',
    stray.place,
    `\`${stray.to}\` is not both in \`rules\` and in the condition`,
  );
  return 'unusable';
}

function readBounds(
  map: YamlMap,
  type: CorrelationType,
  rules: readonly Reference[],
  complaints: Complaints,
): CorrelationCondition | undefined {
  const bounds: { op: BoundOperator; value: number }[] = [];
  let percentile: number | undefined;
  for (const { key, keyPlace, value } of map.entries) {
    if (key === 'field') continue;
    const number = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : undefined;
    const op = boundOperators.find((known) => known === key);
    if (op === undefined && key !== 'percentile') {
      const known = [...boundOperators, 'field', 'percentile'].join(', ');
      return complaints.error(
        'correlation-condition',
        keyPlace,
        `unknown condition \`${key}\``,
        `Known are: ${known}.`,
      );
    }
    if (number === undefined) {
      return complaints.error(
        'correlation-condition',
        value.place,
        `\`${key}\` wants a number, got ${describeNode(value)}`,
      );
    }
    if (op === undefined) percentile = number;
    else bounds.push({ op, value: number });
  }
  const field = readFields(map, 'field', complaints);
  if (field === undefined) return undefined;
  if (bounds.length === 0) {
    return complaints.error(
      'correlation-condition',
      map.place,
      'the condition compares with nothing',
      'For example `gte: 10`.',
    );
  }
  if (type.startsWith('value_') && field.length === 0) {
    return complaints.error(
      'correlation-condition',
      map.place,
      `\`${type}\` wants a \`field\` whose values it looks at`,
    );
  }
  if (type.startsWith('value_') && type !== 'value_count' && field.length > 1) {
    return complaints.error('correlation-condition', map.place, `\`${type}\` wants a single \`field\``);
  }
  if (percentile !== undefined && (percentile < 0 || percentile > 100)) {
    return complaints.error('correlation-condition', map.place, '`percentile` wants a number from 0 to 100');
  }
  // In order, a part of the rules would be in which order? Only "all of them" has one.
  if (type === 'temporal_ordered' && !bounds.every(({ op, value }) => meansAll(op, value, rules.length))) {
    return complaints.error(
      'correlation-condition',
      map.place,
      '`temporal_ordered` wants all of its rules: a condition on their number is not supported',
      'Leave the condition out.',
    );
  }
  return {
    ...(field.length === 0 ? {} : { field }),
    ...(percentile === undefined ? {} : { percentile }),
    bounds,
  };
}

const meansAll = (op: BoundOperator, value: number, rules: number): boolean =>
  ((op === 'gte' || op === 'eq') && value === rules) ||
  (op === 'gt' && value === rules - 1) ||
  (op === 'lte' && value >= rules);
