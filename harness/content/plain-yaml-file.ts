// Plain YAML → plain data that remembers where each value stood.

import type { PlainNode } from '../model/plain-yaml.ts';
import { problemAt, type Source } from '../model/source.ts';
import type { Path, YamlFile } from './yaml-file.ts';

/** The file whose text was read as this node. */
export function plainYamlFile(source: Source, node: PlainNode): YamlFile {
  return {
    source,
    value: dataOf(node),
    problem: (path, text) => problemAt(source, locate(node, path).value, text),
    problemAtKey: (path, text) => problemAt(source, locate(node, path).key, text),
    written: (path) => {
      const { reached, isWhole } = locate(node, path);
      return isWhole && reached.kind === 'scalar' ? reached.source : undefined;
    },
  };
}

function dataOf(node: PlainNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(dataOf);
    case 'map': {
      const value: Record<string, unknown> = {};
      for (const entry of node.entries) value[entry.key.value] = dataOf(entry.value);
      return value;
    }
  }
}

interface Located {
  /** Offsets of the deepest key and value that the path reaches. */
  readonly key: number;
  readonly value: number;
  readonly reached: PlainNode;
  /** It reaches what it names. */
  readonly isWhole: boolean;
}

function locate(root: PlainNode, path: Path): Located {
  let found: Located = { key: root.range[0], value: root.range[0], reached: root, isWhole: true };
  for (const step of path) {
    const below = childOf(found.reached, step);
    if (below === undefined) return { ...found, isWhole: false };
    found = { ...below, isWhole: true };
  }
  return found;
}

function childOf(node: PlainNode, step: PropertyKey): Omit<Located, 'isWhole'> | undefined {
  if (node.kind === 'list') {
    const item = node.items[Number(step)];
    return item && { key: item.range[0], value: item.range[0], reached: item };
  }
  if (node.kind === 'scalar') return undefined;
  const entry = node.entries.find(({ key }) => key.value === String(step));
  if (entry === undefined) return undefined;
  const [key] = entry.key.range;
  const [start] = entry.value.range;
  return { key, value: standsAlone(entry.value) ? start : key, reached: entry.value };
}

/** An empty value, or one that begins on the next line, has no better place than its key. */
const standsAlone = (node: PlainNode): boolean =>
  node.kind === 'scalar' ? node.value !== null : node.isFlow;
