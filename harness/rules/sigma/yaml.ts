// Reads YAML into plain nodes that know their place, and survives hostile input: size, depth and the number of
// nodes (aliases followed) are limited, keys must be unique.

import type { Document, Node, Scalar } from 'yaml';
import type { Place } from '../../model/place.ts';
import { type PlainNode, readPlainYaml } from '../../model/plain-yaml.ts';
import type { Source } from '../../model/source.ts';
import { yamlLibrary } from '../../model/yaml-library.ts';
import type { Report } from './report.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';

const yamlLimits = Object.freeze({
  fileCharacters: 16_000_000,
  documentCharacters: 1_000_000,
  nodes: 200_000,
  depth: 40,
});

/** A long file, such as all rules of a project in one, may have as many nodes as honest text has room for. */
const nodesIn = ({ text }: Source): number => Math.max(yamlLimits.nodes, Math.floor(text.length / 8));

/**
 * The documents of a YAML text, empty ones left out. A document that is not well-formed is reported and
 * left out too.
 */
export function readYaml(source: Source, report: Report): YamlNode[] {
  const { length } = source.text;
  if (length > yamlLimits.fileCharacters) {
    const message = `the file has ${length} characters; at most ${yamlLimits.fileCharacters} are read`;
    report.error('file-too-large', source.place(0), message);
    return [];
  }
  const budget = { nodes: nodesIn(source) };
  return documentTexts(source.text).flatMap((part) => {
    const reading = { source, report, budget, ...part, anchors: new Map<string, Node>() };
    if (!isOfGoodSize(reading)) return [];
    return (
      readPlain(reading) ??
      parseDocuments(part.text).flatMap((document) => readDocument(reading, document) ?? [])
    );
  });
}

/** Undefined where the text is not plain, or holds more than is left to be read. */
function readPlain(reading: Reading): YamlNode[] | undefined {
  const plain = readPlainYaml(reading.text);
  if (plain === undefined) return undefined;
  const count = countOf(plain);
  if (count > reading.budget.nodes) return undefined;
  reading.budget.nodes -= count;
  return [plainNode(reading, plain)];
}

function countOf(node: PlainNode): number {
  switch (node.kind) {
    case 'scalar':
      return 1;
    case 'list':
      return node.items.reduce((sum, item) => sum + countOf(item), 1);
    case 'map':
      return node.entries.reduce((sum, { value }) => sum + countOf(value), 1);
  }
}

function plainNode(reading: Reading, node: PlainNode): YamlNode {
  const place = placeAt(reading, node.range[0]);
  switch (node.kind) {
    case 'scalar':
      return readScalar(reading, node, place);
    case 'list':
      return { kind: 'list', items: node.items.map((item) => plainNode(reading, item)), place };
    case 'map': {
      const entries = node.entries.map(({ key, value }) => ({
        key: key.value,
        keyPlace: placeAt(reading, offsetOf(reading.text, key, 0)),
        value: plainNode(reading, value),
      }));
      return { kind: 'map', entries, place };
    }
  }
}

interface DocumentText {
  readonly text: string;
  /** Where in the file it begins. */
  readonly offset: number;
}

/** The text cut before each `---`, so that the parser holds one document at a time. */
function documentTexts(text: string): readonly DocumentText[] {
  const starts = [0, ...Array.from(text.matchAll(/^(?:%.*\n)*---(?=\s|$)/gm), ({ index }) => index)];
  return [...new Set(starts)].map((offset, index, offsets) => ({
    text: text.slice(offset, offsets[index + 1]),
    offset,
  }));
}

/** The parser needs a thousand bytes for each bracket: what is too deep is better not given to it. */
function isOfGoodSize(reading: Reading): boolean {
  const { text, report } = reading;
  if (text.length > yamlLimits.documentCharacters) {
    const message = `the document has ${text.length} characters; at most ${yamlLimits.documentCharacters} are read`;
    report.error('document-too-large', placeAt(reading, 0), message);
    return false;
  }
  const deep = tooDeep.exec(text);
  if (deep !== null) reportDepth(reading, deep.index);
  return deep === null;
}

const levels = `{${yamlLimits.depth + 1}}`;
const tooDeep = new RegExp(`(?:[[{]\\s*)${levels}|^[ \\t]*(?:[-?][ \\t]+)${levels}`, 'm');

const reportDepth = (reading: Reading, index: number): undefined =>
  reading.report.error(
    'nested-too-deeply',
    placeAt(reading, index),
    `nested too deeply: at most ${yamlLimits.depth} levels are read`,
  );

function parseDocuments(text: string): readonly Document.Parsed[] {
  // Key uniqueness is checked here, not by the library: its check takes quadratic time.
  const parsed = yamlLibrary().parseAllDocuments(text, {
    version: '1.2',
    intAsBigInt: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  return Array.isArray(parsed) ? parsed : [];
}

interface Reading extends DocumentText {
  readonly source: Source;
  readonly report: Report;
  readonly budget: { nodes: number };
  /** Anchors seen so far: an alias may only follow its anchor. */
  readonly anchors: Map<string, Node>;
}

/** The place of a character of the document. */
const placeAt = ({ source, offset }: Reading, index: number): Place => source.place(offset + index);

function readDocument(reading: Reading, document: Document.Parsed): YamlNode | undefined {
  const faults = [...document.errors, ...document.warnings];
  // What follows the first few is mostly their consequence.
  for (const { pos, message, code } of faults.slice(0, 3)) {
    reading.report.error(
      'yaml',
      placeAt(reading, code === 'MISSING_CHAR' ? openedAt(document, pos[0]) : pos[0]),
      `not well-formed YAML: ${firstLine(message)} (${code})`,
      yamlHints[code],
    );
  }
  if (faults.length > 0 || document.contents === null) return undefined;
  const node = readNode(reading, document.contents, document.contents, 0);
  return node?.kind === 'scalar' && node.value === null ? undefined : node;
}

/** What is mostly meant where YAML is not well-formed. */
const yamlHints: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_DQ_ESCAPE: 'Put the text in single quotes: in these a backslash is a character like any other.',
  BAD_SCALAR_START: 'Put the value in single quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'A text with a colon and a space in it wants quotes.',
};

/** The quoted text in which the end of the file was met; that end itself would help nobody. */
function openedAt(document: Document.Parsed, end: number): number {
  let start = end;
  yamlLibrary().visit(document, {
    Scalar(_, { type, range }) {
      if (range && range[0] < end && range[1] >= end && type?.startsWith('QUOTE_')) start = range[0];
    },
  });
  return start;
}

const firstLine = (message: string): string => message.split('\n')[0] ?? message;

/** `at` is what the place is taken from: an alias stands where it is used, not where its anchor is. */
function readNode(reading: Reading, node: unknown, at: Node, depth: number): YamlNode | undefined {
  const { source, report, budget, anchors } = reading;
  const { isAlias, isMap, isNode, isScalar, isSeq } = yamlLibrary();
  const start = at.range?.[0] ?? 0;
  const place = placeAt(reading, start);
  if (depth > yamlLimits.depth) return reportDepth(reading, start);
  budget.nodes -= 1;
  if (budget.nodes < 0) {
    // Said once; every further node fails silently.
    if (budget.nodes > -2) {
      report.error('too-many-nodes', place, `more than ${nodesIn(source)} nodes, aliases counted each time`);
    }
    return undefined;
  }
  if (isAlias(node)) {
    const target = anchors.get(node.source);
    if (target === undefined)
      return report.error(
        'yaml',
        place,
        `alias \`*${node.source}\` has no anchor`,
        'Put the value in single quotes if the star is a wildcard.',
      );
    return readNode(reading, target, at, depth + 1);
  }
  if (isNode(node) && 'anchor' in node && node.anchor) anchors.set(node.anchor, node);
  if (isMap(node)) return readMap(reading, node.items, place, depth);
  if (isSeq(node)) {
    const items: YamlNode[] = [];
    for (const item of node.items) {
      const read = readNode(reading, item, item as Node, depth + 1);
      if (read === undefined) return undefined;
      items.push(read);
    }
    return { kind: 'list', items, place };
  }
  if (isScalar(node)) return readScalar(reading, node, place);
  return { kind: 'scalar', value: null, place, placeOf: () => place };
}

function readMap(
  reading: Reading,
  pairs: readonly { key: unknown; value: unknown }[],
  place: Place,
  depth: number,
): YamlMap | undefined {
  const { text, report } = reading;
  const entries: YamlEntry[] = [];
  const merged: YamlEntry[] = [];
  const seen = new Map<string, Place>();
  for (const { key, value } of pairs) {
    if (!yamlLibrary().isScalar(key))
      return report.error('yaml', place, 'a key must be a plain word or a string');
    // Inside of the quotes, if it has any.
    const keyPlace = placeAt(reading, offsetOf(text, key, 0));
    const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    const read = readNode(reading, value, (value ?? key) as Node, depth + 1);
    if (read === undefined) return undefined;
    if (name === '<<' && key.type === 'PLAIN' && read.kind === 'map') {
      merged.push(...read.entries);
      continue;
    }
    const before = seen.get(name);
    if (before !== undefined) {
      return report.error(
        'duplicate-key',
        keyPlace,
        `the key \`${name}\` occurs twice; it was first used in line ${before.line}`,
        'Only one of the two would count: put both values into one list, or rename one.',
      );
    }
    seen.set(name, keyPlace);
    entries.push({
      key: name,
      keyPlace,
      value: read,
      ...(typeof key.value !== 'string' && { isKeyOther: true }),
    });
  }
  return { kind: 'map', entries: [...entries, ...merged.filter(({ key }) => !seen.has(key))], place };
}

/** What is asked of a scalar, whoever has read it. */
interface AnyScalar extends Pick<Scalar, 'source' | 'type' | 'value'> {
  readonly range?: readonly number[] | null;
}

function readScalar(reading: Reading, node: AnyScalar, place: Place): YamlScalar {
  const placeOf = (index: number) => placeAt(reading, offsetOf(reading.text, node, index));
  const { value, source: written = '' } = node;
  if (typeof value === 'bigint' || typeof value === 'number') {
    const plain =
      typeof value === 'bigint' && !Number.isSafeInteger(Number(value)) ? String(value) : Number(value);
    const canonical = String(plain) === written.replace(/^\+/, '').replace(/\.0+$/, '');
    const whole = typeof value === 'bigint' && typeof plain === 'string' ? { whole: value } : {};
    return { kind: 'scalar', value: plain, ...whole, place, placeOf, ...(canonical ? {} : { written }) };
  }
  if (typeof value === 'boolean') return { kind: 'scalar', value, place, placeOf };
  if (typeof value === 'string') {
    const truth = node.type === 'PLAIN' ? truths.get(value.toLowerCase()) : undefined;
    return { kind: 'scalar', value, place, placeOf, ...(truth !== undefined && { truth }) };
  }
  return { kind: 'scalar', value: null, place, placeOf };
}

/** @source https://yaml.org/type/bool.html, but for single letters, which PyYAML takes for text */
const truths: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['false', 'no', 'off'].map((word) => [word, false] as const),
]);

/**
 * Where a character of a scalar's text stands in the document. Folding and indentation change white space only, so the
 * n-th other character of the value is the n-th of the source; escapes in double quotes make it approximate.
 */
function offsetOf(text: string, { value, type, range }: AnyScalar, index: number): number {
  const [start = 0, end = 0] = range ?? [];
  if (typeof value !== 'string') return start;
  let from = start;
  if (type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE') from += 1;
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') from = text.indexOf('\n', start) + 1;
  if (text.startsWith(value, from)) return from + index;
  let left = value.slice(0, index).replace(/\s+/g, '').length;
  let at = from;
  for (; at < end; at++) {
    if (/\s/.test(text[at] ?? '')) continue;
    if (left === 0) return at;
    left -= 1;
  }
  return Math.max(start, end - 1);
}
