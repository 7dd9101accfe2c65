// Reads the `correlation` part of a correlation rule.

import { type Correlation, type CorrelationType, correlationTypes, type Reference } from './ast.ts';
import { conditionRules, readCondition } from './correlation-condition.ts';
import { readFields, readReferences, textAt } from './header.ts';
import type { Complaints } from './source.ts';
import { describeNode, entryOf, type YamlMap, type YamlNode } from './yaml-node.ts';

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
