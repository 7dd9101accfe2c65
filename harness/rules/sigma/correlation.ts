// Reads the `correlation` part of a correlation rule.

import { type Correlation, type CorrelationType, correlationTypes, type Reference } from './ast.ts';
import { conditionInWords, readCondition } from './correlation-condition.ts';
import { readExpression } from './correlation-expression.ts';
import { readFields, readReferences, textAt } from './header.ts';
import type { Report } from './report.ts';
import { suggestionFor } from './suggestion.ts';
import { describeNode, entryOf, type YamlMap, type YamlNode } from './yaml-node.ts';

/** Gives undefined after reporting when it can't be used. */
export function readCorrelation(map: YamlMap, document: YamlMap, report: Report): Correlation | undefined {
  const isKnown = checkKeys(map, report);
  const type = readType(map, report);
  const timespanMs = readTimespan(map, report);
  const groupBy = readFields(map, 'group-by', report);
  const aliases = readAliases(map, report);
  const generate = readGenerate(map, report) ?? readGenerate(document, report) ?? false;
  if (!isKnown || type === undefined || timespanMs === undefined) return undefined;
  if (groupBy === undefined || aliases === undefined || generate === 'unusable') return undefined;
  const words = conditionInWords(map, type);
  const read = words && readExpression(words, type, report);
  if (words !== undefined && read === undefined) return undefined;
  const rules = readRules(map, read?.rules, report);
  if (rules === undefined) return undefined;
  const condition = words === undefined ? readCondition(map, type, rules, report) : undefined;
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
function checkKeys(map: YamlMap, report: Report): boolean {
  const unknown = map.entries.find(({ key }) => !keys.includes(key));
  if (unknown === undefined) return true;
  const { key, keyPlace } = unknown;
  const replacement = replacements.get(key) ?? suggestionFor(key, keys);
  report.error('correlation', keyPlace, `\`${key}\` is not a part of a correlation`, replacement);
  return false;
}

const replacements: ReadonlyMap<string, string> = new Map([
  ['ordered', 'Write `type: temporal_ordered`.'],
  ['timeframe', 'Write `timespan`.'],
  ['field', 'It belongs into the `condition`.'],
  ['level', 'It belongs beside `correlation`.'],
]);

/** `generate` stands beside `correlation`, or inside, where pySigma has it. */
function readGenerate(map: YamlMap, report: Report): boolean | 'unusable' | undefined {
  const node = entryOf(map, 'generate')?.value;
  if (node === undefined) return undefined;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  report.error('correlation', node.place, `\`generate\` wants true or false, got ${describeNode(node)}`);
  return 'unusable';
}

function readType(map: YamlMap, report: Report): CorrelationType | undefined {
  const name = textAt(map, 'type', report);
  const type = correlationTypes.find((known) => known === name?.toLowerCase());
  if (type !== undefined) return type;
  return report.error(
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

function readTimespan(map: YamlMap, report: Report): number | undefined {
  const text = textAt(map, 'timespan', report);
  const [, count, unit = ''] = /^(\d{1,9})([smhdwMy])$/.exec(text ?? '') ?? [];
  const seconds = Number(count) * (units[unit] ?? 0);
  if (seconds > 0) return seconds * 1000;
  return report.error(
    'timespan',
    entryOf(map, 'timespan')?.value.place ?? map.place,
    text === undefined ? 'the correlation has no `timespan`' : `\`${text}\` is not a timespan`,
    'Expected a number and a unit: `30s`, `5m`, `1h`, `2d`.',
  );
}

function readAliases(map: YamlMap, report: Report): Correlation['aliases'] | undefined {
  const node = entryOf(map, 'aliases')?.value;
  const aliases = new Map<string, { rule: Reference; field: string }[]>();
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return aliases;
  if (node.kind !== 'map') return wrongAliases(node, report);
  for (const { key, value } of node.entries) {
    if (value.kind !== 'map') return wrongAliases(value, report);
    const fields = [];
    for (const { key: to, keyPlace, value: field } of value.entries) {
      if (field.kind !== 'scalar' || field.value === null) return wrongAliases(field, report);
      fields.push({ rule: { to, place: keyPlace }, field: String(field.value) });
    }
    aliases.set(key, fields);
  }
  return aliases;
}

const wrongAliases = (node: YamlNode, report: Report): undefined =>
  report.error('correlation', node.place, `expected alias → rule → field, got ${describeNode(node)}`);

/** The rules of the list, else those that the condition names; where there are both, they are the same. */
function readRules(
  map: YamlMap,
  named: readonly Reference[] | undefined,
  report: Report,
): readonly Reference[] | undefined {
  const entry = entryOf(map, 'rules');
  const rules = entry === undefined ? named : readReferences(entry.value, 'rules', report);
  if (rules === undefined && entry !== undefined) return undefined;
  if (rules === undefined || rules.length === 0) {
    const place = entry?.keyPlace ?? map.place;
    return report.error('correlation', place, 'the correlation refers to no `rules`');
  }
  const stray = named && (missingFrom(rules, named) ?? missingFrom(named, rules));
  if (stray === undefined) return rules;
  return report.error(
    'correlation-condition',
    stray.place,
    `\`${stray.to}\` is not both in \`rules\` and in the condition`,
  );
}

const missingFrom = (list: readonly Reference[], wanted: readonly Reference[]): Reference | undefined =>
  wanted.find(({ to }) => !list.some((reference) => reference.to === to));
