// What the specification says about the attributes of a rule that no evaluation needs: a wrong one is warned about.

import type { Report } from './report.ts';
import { nearestTo, suggestionFor } from './suggestion.ts';
import { describeNode, entryOf, type YamlMap } from './yaml-node.ts';

/**
 * Checks title, status, dates, related rules, tags and texts.
 * @source Sigma Rules Specification 2.1, "Schema"; Sigma Tags Appendix
 */
export function checkMetadata(map: YamlMap, report: Report): void {
  checkTitle(map, report);
  checkStatus(map, report);
  for (const key of ['date', 'modified']) checkDate(map, key, report);
  checkRelated(map, report);
  checkTags(map, report);
  for (const key of ['author', 'license']) checkText(map, key, report);
  for (const key of ['references', 'falsepositives', 'tags', 'fields']) checkList(map, key, report);
}

const longestTitle = 256;
const statuses = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const relations = ['derived', 'obsolete', 'merged', 'renamed', 'similar'];

function checkTitle(map: YamlMap, report: Report): void {
  const node = entryOf(map, 'title')?.value;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value.length <= longestTitle) return;
  report.warning(
    'title',
    node.place,
    `the title has ${node.value.length} characters, and Sigma allows ${longestTitle}`,
    'Say the rest in the description.',
  );
}

function checkStatus(map: YamlMap, report: Report): void {
  const node = entryOf(map, 'status')?.value;
  if (node === undefined || (node.kind === 'scalar' && statuses.includes(String(node.value)))) return;
  const given = node.kind === 'scalar' ? String(node.value) : '';
  report.warning(
    'status',
    node.place,
    `expected a status, got ${describeNode(node)}`,
    suggestionFor(given, statuses),
  );
}

function checkDate(map: YamlMap, key: string, report: Report): void {
  const node = entryOf(map, key)?.value;
  if (node === undefined) return;
  const text = node.kind === 'scalar' ? (node.written ?? String(node.value)) : '';
  if (isDate(text.replaceAll('/', '-'))) return;
  report.warning(key, node.place, `expected a date, got ${describeNode(node)}`, 'Write it as YYYY-MM-DD.');
}

/** A day that there is. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function checkRelated(map: YamlMap, report: Report): void {
  const node = entryOf(map, 'related')?.value;
  if (node === undefined) return;
  const items = node.kind === 'list' ? node.items : [node];
  for (const item of items) {
    const type = item.kind === 'map' ? entryOf(item, 'type')?.value : undefined;
    if (item.kind !== 'map' || entryOf(item, 'id') === undefined || type === undefined) {
      report.warning(
        'related',
        item.place,
        `expected a related rule with \`id\` and \`type\`, got ${describeNode(item)}`,
      );
    } else if (type.kind !== 'scalar' || !relations.includes(String(type.value))) {
      const given = type.kind === 'scalar' ? String(type.value) : '';
      report.warning(
        'related',
        type.place,
        `expected how the rules are related, got ${describeNode(type)}`,
        suggestionFor(given, relations),
      );
    }
  }
}

/** The namespaces of the appendix; those of others are theirs to define. */
const namespaces = ['attack', 'car', 'cve', 'd3fend', 'detection', 'stp', 'tlp'];

/** A tag that looks like ATT&CK and names nothing of it would leave its rule without a technique. */
function checkTags(map: YamlMap, report: Report): void {
  const node = entryOf(map, 'tags')?.value;
  for (const item of node?.kind === 'list' ? node.items : node ? [node] : []) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') continue;
    const tag = item.value.trim();
    const [namespace = '', rest] = tag.split(/\.(.*)/s, 2);
    const meant = namespaces.includes(namespace.toLowerCase()) ? undefined : nearestTo(namespace, namespaces);
    if (meant !== undefined && rest !== undefined && namespace.length > 2)
      report.warning(
        'tag',
        item.place,
        `the namespace of the tag \`${tag}\` is not known`,
        `Did you mean \`${meant}.${rest}\`?`,
      );
    else if (/^attack\.t\d/i.test(tag) && !/^attack\.t\d{4}(?:\.\d{3})?$/i.test(tag))
      report.warning(
        'tag',
        item.place,
        `\`${tag}\` names no ATT&CK technique: its number is T and four digits, a sub-technique's three more`,
        wellFormed(tag),
      );
  }
}

/** `attack.t1053.02` → `attack.t1053.002`; nothing where what was meant cannot be told. */
function wellFormed(tag: string): string | undefined {
  const [, technique, below] = /^attack\.(t\d{4})[._-]?(\d{1,3})$/i.exec(tag) ?? [];
  if (technique === undefined || below === undefined) return undefined;
  return `Did you mean \`attack.${technique.toLowerCase()}.${below.padStart(3, '0')}\`?`;
}

function checkText(map: YamlMap, key: string, report: Report): void {
  const node = entryOf(map, key)?.value;
  if (node !== undefined && node.kind !== 'scalar')
    report.warning('attribute', node.place, `\`${key}\` wants text, got ${describeNode(node)}`);
}

function checkList(map: YamlMap, key: string, report: Report): void {
  const node = entryOf(map, key)?.value;
  if (node?.kind !== 'scalar' || node.value === null) return;
  report.warning('attribute', node.place, `\`${key}\` wants a list, got ${describeNode(node)}`);
}
