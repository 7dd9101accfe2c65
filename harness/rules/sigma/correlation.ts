// Reads the `correlation` part of a correlation rule.

import {
  type BoundOperator,
  boundOperators,
  type Condition,
  type Correlation,
  type CorrelationType,
  correlationTypes,
  type Reference,
} from './ast.ts';
import { parseCondition } from './condition.ts';
import { itemsOf, readReferences, textAt } from './header.ts';
import type { Complaints } from './source.ts';
import { describeNode, entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml.ts';

/** Gives undefined after complaining when it can't be used. */
export function readCorrelation(
  map: YamlMap,
  document: YamlMap,
  complaints: Complaints,
): Correlation | undefined {
  const type = readType(map, complaints);
  const timespanMs = readTimespan(map, complaints);
  const groupBy = readFields(map, 'group-by', complaints);
  const aliases = readAliases(map, complaints);
  if (type === undefined || timespanMs === undefined || groupBy === undefined || aliases === undefined)
    return undefined;
  const rules = readRules(map, type, complaints);
  if (rules === undefined) return undefined;
  const condition = readCondition(map, type, rules, complaints);
  if (condition === 'unusable') return undefined;
  return {
    type,
    rules,
    groupBy,
    timespanMs,
    aliases,
    ...(condition === undefined ? {} : { condition }),
    // The specification has it beside `correlation`, pySigma inside.
    generate: isTrue(map, 'generate') || isTrue(document, 'generate'),
    place: map.place,
  };
}

const isTrue = (map: YamlMap, key: string): boolean => {
  const node = entryOf(map, key)?.value;
  return node?.kind === 'scalar' && node.value === true;
};

function readType(map: YamlMap, complaints: Complaints): CorrelationType | undefined {
  const name = textAt(map, 'type', complaints);
  const type = correlationTypes.find((known) => known === name?.toLowerCase());
  if (type !== undefined) return type;
  return complaints.error(
    'correlation-type',
    entryOf(map, 'type')?.value.place ?? map.place,
    name === undefined ? 'the correlation has no `type`' : `\`${name}\` is not a type of correlation`,
    `Types: ${correlationTypes.join(', ')}.`,
  );
}

const units: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  M: 2_629_746,
  y: 31_556_952,
};

function readTimespan(map: YamlMap, complaints: Complaints): number | undefined {
  const text = textAt(map, 'timespan', complaints);
  const [, count, unit = ''] = /^(\d{1,9})([smhdwMy])$/.exec(text ?? '') ?? [];
  const seconds = Number(count) * (units[unit] ?? 0);
  if (seconds > 0) return seconds * 1000;
  return complaints.error(
    'timespan',
    entryOf(map, 'timespan')?.value.place ?? map.place,
    text === undefined ? 'the correlation has no `timespan`' : `\`${text}\` is not a timespan`,
    'Expected a number and a unit: `30s`, `5m`, `1h`, `2d`.',
  );
}

/** A field or a list of fields; none when the key is absent. */
function readFields(map: YamlMap, key: string, complaints: Complaints): readonly string[] | undefined {
  const node = entryOf(map, key)?.value;
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  const fields: string[] = [];
  for (const item of itemsOf(node)) {
    if (item.kind !== 'scalar' || item.value === null) {
      return complaints.error(
        'correlation',
        item.place,
        `\`${key}\` wants fields, got ${describeNode(item)}`,
      );
    }
    fields.push(String(item.value));
  }
  return fields;
}

function readAliases(map: YamlMap, complaints: Complaints): Correlation['aliases'] | undefined {
  const node = entryOf(map, 'aliases')?.value;
  const aliases = new Map<string, { rule: Reference; field: string }[]>();
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return aliases;
  if (node.kind !== 'map') return wrongAliases(node, complaints);
  for (const { key, value } of node.entries) {
    if (value.kind !== 'map') return wrongAliases(value, complaints);
    const fields = [];
    for (const { key: to, keyPlace, value: field } of value.entries) {
      if (field.kind !== 'scalar' || field.value === null) return wrongAliases(field, complaints);
      fields.push({ rule: { to, place: keyPlace }, field: String(field.value) });
    }
    aliases.set(key, fields);
  }
  return aliases;
}

const wrongAliases = (node: YamlNode, complaints: Complaints): undefined =>
  complaints.error('correlation', node.place, `expected alias → rule → field, got ${describeNode(node)}`);

function readRules(
  map: YamlMap,
  type: CorrelationType,
  complaints: Complaints,
): readonly Reference[] | undefined {
  const entry = entryOf(map, 'rules');
  const written =
    entry === undefined
      ? conditionRules(map, type, complaints)
      : readReferences(entry.value, 'rules', complaints);
  if (written === undefined && entry !== undefined) return undefined;
  if (written === undefined || written.length === 0) {
    return complaints.error(
      'correlation',
      entry?.keyPlace ?? map.place,
      'the correlation refers to no `rules`',
    );
  }
  return written;
}

/** A temporal correlation may name its rules in its condition alone. */
function conditionRules(
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

type CorrelationCondition = NonNullable<Correlation['condition']>;

function readCondition(
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
