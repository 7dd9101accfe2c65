// Reads the `correlation` part of a correlation rule.

import { type Correlation, type CorrelationType, correlationTypes, type Reference } from './ast.ts';
import type { Complaints } from './complaints.ts';
import { conditionInWords, readCondition } from './correlation-condition.ts';
import { readExpression } from './correlation-expression.ts';
import { readFields, readReferences, textAt } from './header.ts';
import { suggestionFor } from './suggestion.ts';
import { describeNode, entryOf, type YamlMap, type YamlNode } from './yaml-node.ts';

/** Gives undefined after complaining when it can't be used. */
export function readCorrelation(
  map: YamlMap,
  document: YamlMap,
  complaints: Complaints,
): Correlation | undefined {
  const isKnown = checkKeys(map, complaints);
  const type = readType(map, complaints);
  const timespanMs = readTimespan(map, complaints);
  const groupBy = readFields(map, 'group-by', complaints);
  const aliases = readAliases(map, complaints);
  const generate = readGenerate(map, complaints) ?? readGenerate(document, complaints) ?? false;
  if (!isKnown || type === undefined || timespanMs === undefined) return undefined;
  if (groupBy === undefined || aliases === undefined || generate === 'unusable') return undefined;
  const words = conditionInWords(map, type);
  const read = words && readExpression(words, type, complaints);
  if (words !== undefined && read === undefined) return undefined;
  const rules = readRules(map, read?.rules, complaints);
  if (rules === undefined) return undefined;
  const condition = words === undefined ? readCondition(map, type, rules, complaints) : undefined;
  if (condition === 'unusable') return undefined;
  return {
    type,
    rules,
    ...(read === undefined || type === 'temporal_ordered' ? {} : { expression: read.expression }),
    groupBy,
    timespanMs,
    aliases,
    ...(condition === undefined ? {} : { condition }),
    generate,
    place: map.place,
  };
}

const keys = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];

/** A key that is not known, such as `groupby`, would change what the correlation means if it were let be. */
function checkKeys(map: YamlMap, complaints: Complaints): boolean {
  const unknown = map.entries.find(({ key }) => !keys.includes(key));
  if (unknown === undefined) return true;
  const { key, keyPlace } = unknown;
  const replacement = replacements.get(key) ?? suggestionFor(key, keys);
  complaints.error('correlation', keyPlace, `\`${key}\` is not a part of a correlation`, replacement);
  return false;
}

const replacements: ReadonlyMap<string, string> = new Map([
  ['ordered', 'Write `type: temporal_ordered`.'],
  ['timeframe', 'Write `timespan`.'],
  ['field', 'It belongs into the `condition`.'],
  ['level', 'It belongs beside `correlation`.'],
]);

/** `generate` stands beside `correlation`, or inside, where pySigma has it. */
function readGenerate(map: YamlMap, complaints: Complaints): boolean | 'unusable' | undefined {
  const node = entryOf(map, 'generate')?.value;
  if (node === undefined) return undefined;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  complaints.error('correlation', node.place, `\`generate\` wants true or false, got ${describeNode(node)}`);
  return 'unusable';
}

function readType(map: YamlMap, complaints: Complaints): CorrelationType | undefined {
  const name = textAt(map, 'type', complaints);
  const type = correlationTypes.find((known) => known === name?.toLowerCase());
  if (type !== undefined) return type;
  return complaints.error(
    'correlation-type',
    entryOf(map, 'type')?.value.place ?? map.place,
    name === undefined ? 'the correlation has no `type`' : `\`${name}\` is not a type of correlation`,
    suggestionFor(name ?? '', correlationTypes),
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

/** The rules of the list, else those that the condition names; where there are both, they are the same. */
function readRules(
  map: YamlMap,
  named: readonly Reference[] | undefined,
  complaints: Complaints,
): readonly Reference[] | undefined {
  const entry = entryOf(map, 'rules');
  const rules = entry === undefined ? named : readReferences(entry.value, 'rules', complaints);
  if (rules === undefined && entry !== undefined) return undefined;
  if (rules === undefined || rules.length === 0) {
    const place = entry?.keyPlace ?? map.place;
    return complaints.error('correlation', place, 'the correlation refers to no `rules`');
  }
  const stray = named && (missingFrom(rules, named) ?? missingFrom(named, rules));
  if (stray === undefined) return rules;
  return complaints.error(
    'correlation-condition',
    stray.place,
    `\`${stray.to}\` is not both in \`rules\` and in the condition`,
  );
}

const missingFrom = (list: readonly Reference[], wanted: readonly Reference[]): Reference | undefined =>
  wanted.find(({ to }) => !list.some((reference) => reference.to === to));
