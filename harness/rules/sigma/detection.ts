// Reads the `detection` part of a rule (or the `filter` part of a filter): detections and conditions.

import type { Place } from '../../model/place.ts';
import type { Condition, Detection, DetectionItem, DetectionSection, ModifierUse } from './ast.ts';
import { parseCondition } from './condition.ts';
import type { Report } from './report.ts';
import {
  describeNode,
  entryOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
} from './yaml-node.ts';

/**
 * Reads detections and conditions; `notDetections` are keys with another meaning.
 * Gives undefined after reporting when no usable part remains.
 */
export function readDetectionSection(
  map: YamlMap,
  notDetections: readonly string[],
  report: Report,
): DetectionSection | undefined {
  const detections = new Map<string, Detection>();
  let complete = true;
  for (const { key, keyPlace, value, isKeyOther } of map.entries) {
    if (key === 'condition' || notDetections.includes(key)) continue;
    if (key === 'timeframe') {
      report.warning(
        'timeframe',
        keyPlace,
        '`timeframe` belongs to aggregations, which are not part of Sigma 2; it has no effect',
        'Time is told in a correlation rule (`timespan`).',
      );
      continue;
    }
    if (isKeyOther) {
      report.warning(
        'identifier',
        keyPlace,
        `the search identifier \`${key}\` is no text in YAML, where Sigma wants one`,
        `Give it a name, such as \`selection_${key}\`.`,
      );
    }
    const detection = readDetection(value, keyPlace, report);
    if (detection === undefined) complete = false;
    else detections.set(key, detection);
  }
  const conditions = readConditions(map, report);
  if (conditions === undefined || !complete) return undefined;
  if (detections.size === 0) {
    return report.error('no-detections', map.place, 'expected at least one detection beside the condition');
  }
  return { detections, conditions };
}

function readConditions(map: YamlMap, report: Report): readonly Condition[] | undefined {
  const entry = entryOf(map, 'condition');
  if (entry === undefined) {
    return report.error('no-condition', map.place, 'a condition is missing', 'Add `condition: selection`.');
  }
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  if (nodes.length === 0)
    return report.error('no-condition', entry.value.place, 'the list of conditions is empty');
  const conditions: Condition[] = [];
  for (const node of nodes) {
    if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') {
      report.error('condition', node.place, `expected a condition as text, got ${describeNode(node)}`);
      continue;
    }
    const condition = parseCondition(String(node.value), node.placeOf, report);
    if (condition !== undefined) conditions.push(condition);
  }
  return conditions.length === nodes.length ? conditions : undefined;
}

function readDetection(node: YamlNode, place: Place, report: Report): Detection | undefined {
  switch (node.kind) {
    case 'map':
      return readDetectionMap(node, place, report);
    case 'list':
      return readDetectionList(node.items, place, report);
    case 'scalar':
      return { kind: 'item', field: null, modifiers: [], values: [node], place: node.place };
  }
}

function readDetectionMap(map: YamlMap, place: Place, report: Report): Detection | undefined {
  if (map.entries.length === 0) return report.error('empty-detection', place, 'the detection is empty');
  const items = map.entries.map((entry) => readItem(entry, report));
  if (items.includes(undefined)) return undefined;
  return { kind: 'map', items: items.filter((item) => item !== undefined), place: map.place };
}

/** A list of nothing but values is one item of keywords; in a mixed list each value is one of its own. */
function readDetectionList(nodes: readonly YamlNode[], place: Place, report: Report): Detection | undefined {
  const [first] = nodes;
  if (first === undefined) return report.error('empty-detection', place, 'the detection is empty');
  const scalars = nodes.filter((node) => node.kind === 'scalar');
  if (scalars.length === nodes.length) {
    return { kind: 'item', field: null, modifiers: [], values: scalars, place: first.place };
  }
  const of = nodes.map((node) => readDetection(node, node.place, report));
  if (of.includes(undefined)) return undefined;
  return { kind: 'list', of: of.filter((detection) => detection !== undefined), place: first.place };
}

function readItem({ key, keyPlace, value }: YamlEntry, report: Report): DetectionItem | undefined {
  const [field = '', ...names] = key.split('|');
  const modifiers: ModifierUse[] = [];
  let column = keyPlace.column + field.length;
  for (const name of names) {
    modifiers.push({ name, place: { ...keyPlace, column: column + 1 } });
    column += name.length + 1;
  }
  if (field !== field.trim()) {
    report.warning(
      'field-name',
      keyPlace,
      `the field name \`${field}\` begins or ends with a space: hardly any event has such a field`,
      'Leave the space out.',
    );
  }
  const nodes = value.kind === 'list' ? value.items : [value];
  if (nodes.length === 0) {
    return report.error('empty-list', keyPlace, `\`${key}\` has an empty list; expected at least one value`);
  }
  const values: YamlScalar[] = [];
  for (const node of nodes) {
    if (node.kind === 'scalar') values.push(node);
    else report.error('value', node.place, `expected a value of \`${field}\`, got ${describeNode(node)}`);
  }
  if (values.length < nodes.length) return undefined;
  return { kind: 'item', field: field === '' ? null : field, modifiers, values, place: keyPlace };
}
