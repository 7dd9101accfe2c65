// Turns the YAML documents of a file into Sigma documents.

import { type Source, sourceOf } from '../../model/source.ts';
import type { Condition, FilterDocument, SigmaDocument } from './ast.ts';
import { collectedNodes } from './collection.ts';
import { readCorrelation } from './correlation.ts';
import { readDetectionSection } from './detection.ts';
import { mapAt, readHeader, readLogSource, readReferences, textAt } from './header.ts';
import { hasErrors, type Report, reportOn } from './report.ts';
import type { UnusableRule } from './result.ts';
import { nearestTo, suggestionFor } from './suggestion.ts';
import { readYaml } from './yaml.ts';
import { describeNode, entryOf, type YamlMap, type YamlNode } from './yaml-node.ts';

export interface ReadDocument {
  readonly document: SigmaDocument;
  /** Where whoever gives the document a meaning reports too. */
  readonly report: Report;
}

export interface SigmaFile {
  readonly documents: readonly ReadDocument[];
  readonly unusable: readonly UnusableRule[];
}

/**
 * Reads a file that may hold several documents. Each is read for itself: one that can't be used hides no other.
 * Throws nothing.
 */
export function readSigmaFile(file: string, text: string): SigmaFile {
  const source = sourceOf(file, text);
  const whole = reportOn(source);
  const read = readYaml(source, whole);
  const collected = collectedNodes(read);
  const nodes = collected.map(({ node }) => node);
  const documents: ReadDocument[] = [];
  const unusable: UnusableRule[] = [];
  const slugs = slugsOf(nodes, slugOf(file));
  if (nodes.length === 0 && !hasErrors(whole.problems)) {
    const message =
      read.length === 0 ? 'the file holds no rule' : 'a common part (`action: global`) without a rule';
    whole.error('no-rule', read[0]?.place ?? source.place(0), message);
  }
  if (whole.problems.length > 0) {
    unusable.push({ id: slugOf(file), title: slugOf(file), file, problems: whole.problems });
  }
  for (const [index, { node, madeBy }] of collected.entries()) {
    const report = reportOn(source);
    if (madeBy !== undefined) {
      report.warning(
        'collection',
        madeBy,
        '`action` (Sigma 1 rule collections) is not part of Sigma 2; the documents are merged',
        'Write the common part into each rule.',
      );
    }
    const slug = slugs[index] ?? slugOf(file);
    const document = readDocument(node, slug, source, report);
    if (document !== undefined && !hasErrors(report.problems)) {
      documents.push({ document, report });
      continue;
    }
    const map = node.kind === 'map' ? node : undefined;
    const silent = reportOn(source);
    unusable.push({
      id: (map && textAt(map, 'id', silent)) ?? slug,
      title: (map && textAt(map, 'title', silent)) ?? slug,
      file,
      problems: report.problems,
    });
  }
  return { documents, unusable };
}

/** The file name without folders and ending. */
const slugOf = (file: string): string =>
  (file.split(/[\\/]/).pop() ?? file).replace(/\.(?:ya?ml|json)$/i, '');

/**
 * A file's own name goes to its only document, or to its only correlation (what the others are there for), else to
 * the first; the others add their `name`, or their number.
 */
function slugsOf(nodes: readonly YamlNode[], slug: string): readonly string[] {
  const correlations = nodes.filter(
    (node) => node.kind === 'map' && entryOf(node, 'correlation') !== undefined,
  );
  const main = correlations.length === 1 ? correlations[0] : nodes[0];
  return nodes.map((node, index) => {
    if (node === main) return slug;
    const name = node.kind === 'map' ? entryOf(node, 'name')?.value : undefined;
    return `${slug}-${name?.kind === 'scalar' && name.value !== null ? name.value : index + 1}`;
  });
}

function readDocument(
  node: YamlNode,
  slug: string,
  source: Source,
  report: Report,
): SigmaDocument | undefined {
  if (node.kind !== 'map') {
    const hint = isFalcos(node) ? 'These are rules of Falco; only Sigma and EQL are judged.' : undefined;
    return report.error('no-rule', node.place, `expected a rule, got ${describeNode(node)}`, hint);
  }
  const header = readHeader(node, slug, report);
  if (header === undefined) return undefined;
  if (entryOf(node, 'correlation') !== undefined) {
    const map = mapAt(node, 'correlation', header.place, report);
    const correlation = map && readCorrelation(map, node, report);
    return correlation && { kind: 'correlation', source, header, correlation };
  }
  if (entryOf(node, 'filter') !== undefined) {
    const logsource = readLogSource(node, report);
    const map = mapAt(node, 'filter', header.place, report);
    const filter = map && readFilter(map, report);
    return logsource && filter && { kind: 'filter', source, header, logsource, ...filter };
  }
  if (entryOf(node, 'detection') === undefined) return notARule(node, report);
  const logsource = readLogSource(node, report);
  const map = mapAt(node, 'detection', header.place, report);
  const section = map && readDetectionSection(map, [], report);
  return logsource && section && { kind: 'detection', source, header, logsource, section };
}

/** @source Falco, Rules: a list of rules, macros and lists */
const isFalcos = (node: YamlNode): boolean =>
  node.kind === 'list' &&
  node.items.some(
    (item) => item.kind === 'map' && ['rule', 'macro', 'list'].some((key) => entryOf(item, key)),
  );

function notARule(node: YamlMap, report: Report): undefined {
  const kinds = ['detection', 'correlation', 'filter'];
  const close = node.entries.find(({ key }) => nearestTo(key, kinds) !== undefined);
  return report.error(
    'no-rule',
    close?.keyPlace ?? node.place,
    'this is not a Sigma rule: it has none of `detection`, `correlation` and `filter`',
    close && suggestionFor(close.key, kinds),
  );
}

function readFilter(map: YamlMap, report: Report): Pick<FilterDocument, 'rules' | 'section'> | undefined {
  const entry = entryOf(map, 'rules');
  if (entry === undefined) {
    return report.error(
      'no-rules',
      map.place,
      'the filter names no `rules`',
      'List ids or names, or say `any`.',
    );
  }
  const references = readReferences(entry.value, 'rules', report);
  const section = readDetectionSection(map, ['rules'], report);
  if (references === undefined || section === undefined) return undefined;
  const [condition, ...more] = section.conditions;
  if (more.length > 0) {
    return report.error('condition', map.place, 'a filter has one condition, not a list');
  }
  // The specification's own example leaves the `not` out, its reference implementation adds the condition as it is.
  if (condition !== undefined && !leavesOut(condition)) {
    report.warning(
      'filter-narrows',
      condition.place,
      'with this filter its rules match only what it selects: nothing of it is negated',
      'To leave out what it selects, write `not selection`.',
    );
  }
  const [only] = references;
  if (only === undefined) {
    // The schema wants at least one, the reference implementation takes none for any.
    report.warning(
      'no-rules',
      entry.value.place,
      'the list of rules is empty: the filter applies to all of its log source',
      'Say `any` if that is meant.',
    );
  }
  const isAny = entry.value.kind === 'scalar' && /^(?:any|all)$/i.test(only?.to ?? '');
  return { rules: only === undefined || isAny ? 'any' : references, section };
}

function leavesOut(condition: Condition): boolean {
  if (condition.kind === 'and' || condition.kind === 'or') return condition.of.some(leavesOut);
  return condition.kind === 'not';
}
