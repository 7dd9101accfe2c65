// Reads what every Sigma document says about itself: title, id, tags … Attributes that are not known are let be.

import type { Place } from '../../model/place.ts';
import type { Header, LogSource, Reference, Taxonomy } from './ast.ts';
import { checkMetadata } from './metadata.ts';
import type { Report } from './report.ts';
import { suggestionFor } from './suggestion.ts';
import { describeNode, entryOf, type YamlMap, type YamlNode } from './yaml-node.ts';

/** Gives undefined after reporting when the document can't be used whatever else it says. */
export function readHeader(map: YamlMap, slug: string, report: Report): Header | undefined {
  const legacy = entryOf(map, 'action');
  if (legacy !== undefined) {
    return report.error(
      'collection',
      legacy.keyPlace,
      '`action` (Sigma 1 rule collections) is `global`, `reset` or `repeat`',
      'Sigma 2 has none: write the common part into each rule.',
    );
  }
  const title = textAt(map, 'title', report);
  if (title === undefined) {
    report.warning('no-title', map.place, 'the rule has no title', 'Add `title:`, what the rule detects.');
  }
  const taxonomy = readTaxonomy(map, report);
  if (taxonomy === undefined) return undefined;
  const [id, name, description, level] = ['id', 'name', 'description', 'level'].map((key) =>
    textAt(map, key, report),
  );
  if (level !== undefined && !levels.includes(level)) {
    const at = entryOf(map, 'level')?.value.place ?? map.place;
    report.warning('level', at, `\`${level}\` is not a level`, suggestionFor(level, levels));
  }
  checkMetadata(map, report);
  return {
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    title: title ?? slug,
    ...(description === undefined ? {} : { description: description.trim() }),
    ...(level === undefined ? {} : { level }),
    taxonomy,
    techniques: techniquesOf(textsAt(map, 'tags', report)),
    falsePositives: textsAt(map, 'falsepositives', report),
    slug,
    place: map.place,
  };
}

const levels = ['informational', 'low', 'medium', 'high', 'critical'];

function readTaxonomy(map: YamlMap, report: Report): Taxonomy | undefined {
  const name = textAt(map, 'taxonomy', report) ?? 'sigma';
  if (name === 'sigma' || name === 'ecs') return name;
  return report.error(
    'taxonomy',
    entryOf(map, 'taxonomy')?.value.place ?? map.place,
    `the taxonomy \`${name}\` is not known: what its field names mean can't be told`,
    'Known are `sigma` (the default) and `ecs`.',
  );
}

/** ATT&CK techniques among the tags: `attack.t1053.003` → `T1053.003`. */
const techniquesOf = (tags: readonly string[]): readonly string[] => [
  ...new Set(
    tags.flatMap((tag) => {
      const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag.trim())?.[1];
      return technique === undefined ? [] : technique.toUpperCase();
    }),
  ),
];

/** Reads `logsource`; values are lower case by convention and are made so. */
export function readLogSource(map: YamlMap, report: Report): LogSource | undefined {
  const entry = entryOf(map, 'logsource');
  if (entry === undefined) {
    return report.error(
      'no-logsource',
      map.place,
      '`logsource` is missing',
      'Add `logsource: product: linux` …',
    );
  }
  const { value: node, keyPlace } = entry;
  if (node.kind !== 'map') {
    return report.error('no-logsource', node.place, `\`logsource\` wants a map, got ${describeNode(node)}`);
  }
  const parts = ['product', 'category', 'service'];
  const [product, category, service] = parts.map((key) => textAt(node, key, report)?.trim().toLowerCase());
  if (product === undefined && category === undefined && service === undefined) {
    const [stranger] = node.entries.filter(({ key }) => !parts.includes(key));
    return report.error(
      'no-logsource',
      stranger?.keyPlace ?? keyPlace,
      '`logsource` names no product, category or service',
      stranger && suggestionFor(stranger.key, parts),
    );
  }
  return {
    ...(product === undefined ? {} : { product }),
    ...(category === undefined ? {} : { category }),
    ...(service === undefined ? {} : { service }),
    place: keyPlace,
  };
}

/** The text of a key; undefined when absent or empty. Numbers and booleans are taken as text. */
export function textAt(map: YamlMap, key: string, report: Report): string | undefined {
  const node = entryOf(map, key)?.value;
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') {
    return node.value === null || node.value === '' ? undefined : (node.written ?? String(node.value));
  }
  report.warning('attribute', node.place, `\`${key}\` wants text, got ${describeNode(node)}`);
  return undefined;
}

/** A text or a list of texts. */
function textsAt(map: YamlMap, key: string, report: Report): readonly string[] {
  const node = entryOf(map, key)?.value;
  if (node === undefined) return [];
  return itemsOf(node).flatMap((item) => {
    if (item.kind === 'scalar') return item.value === null ? [] : String(item.value);
    report.warning('attribute', item.place, `\`${key}\` wants texts, got ${describeNode(item)}`);
    return [];
  });
}

/** A list's items, or the node as the only item. */
const itemsOf = (node: YamlNode): readonly YamlNode[] => (node.kind === 'list' ? node.items : [node]);

/** A field or a list of fields; none when the key is absent. */
export function readFields(map: YamlMap, key: string, report: Report): readonly string[] | undefined {
  const node = entryOf(map, key)?.value;
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  const fields: string[] = [];
  for (const item of itemsOf(node)) {
    if (item.kind !== 'scalar' || item.value === null) {
      return report.error('correlation', item.place, `\`${key}\` wants fields, got ${describeNode(item)}`);
    }
    fields.push(String(item.value));
  }
  return fields;
}

/** References to rules; gives undefined after reporting when one is not a text. */
export function readReferences(
  node: YamlNode,
  key: string,
  report: Report,
): readonly Reference[] | undefined {
  const references: Reference[] = [];
  for (const item of itemsOf(node)) {
    const to = item.kind === 'scalar' && item.value !== null ? String(item.value) : undefined;
    if (to === undefined) {
      return report.error(
        'reference',
        item.place,
        `\`${key}\` wants ids or names of rules, got ${describeNode(item)}`,
      );
    }
    references.push({ to, place: item.place });
  }
  return references;
}

/** The map under a key that must be there. */
export function mapAt(map: YamlMap, key: string, place: Place, report: Report): YamlMap | undefined {
  const node = entryOf(map, key)?.value;
  if (node?.kind === 'map') return node;
  const got = node === undefined ? 'nothing' : describeNode(node);
  return report.error(`no-${key}`, node?.place ?? place, `\`${key}\` wants a map, got ${got}`);
}
