// Rule collections as Sigma 1 wrote them: documents of one file with a common part, which many old rules still are.

import type { Place } from '../../model/place.ts';
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml-node.ts';

export interface CollectedNode {
  readonly node: YamlNode;
  /** Where an `action` says that the rule is made of several documents. */
  readonly madeBy?: Place;
}

/**
 * Makes whole rules of the documents of a file. Where two say different things, the common part (`global`) counts, and
 * what is repeated with other words (`repeat`) counts over what it repeats.
 * @returns the rules; documents with an `action` that there is not, as they are
 * @source Sigma specification 1.0.3, rule collections; pySigma, SigmaCollection
 */
export function collectedNodes(nodes: readonly YamlNode[]): CollectedNode[] {
  const rules: CollectedNode[] = [];
  let common: CollectedNode | undefined;
  let before: YamlMap | undefined;
  for (const node of nodes) {
    const action = node.kind === 'map' ? entryOf(node, 'action') : undefined;
    const name = action?.value.kind === 'scalar' ? action.value.value : undefined;
    if (node.kind !== 'map' || (action !== undefined && !actions.has(name))) {
      rules.push({ node });
      continue;
    }
    const own = without(node, 'action');
    if (name === 'global')
      common = { node: merged(common?.node, own), madeBy: (action as YamlEntry).keyPlace };
    else if (name === 'reset') common = undefined;
    else {
      const isRepeated = name === 'repeat';
      before = isRepeated ? merged(before, own) : merged(own, common?.node);
      const madeBy = isRepeated ? action?.keyPlace : common?.madeBy;
      rules.push({ node: before, ...(madeBy && { madeBy }) });
    }
  }
  return rules;
}

const actions: ReadonlySet<unknown> = new Set(['global', 'reset', 'repeat']);

const without = (map: YamlMap, key: string): YamlMap => ({
  ...map,
  entries: map.entries.filter((entry) => entry.key !== key),
});

/** Maps are merged key by key; of anything else the second counts. */
function merged(first: YamlNode | undefined, second: YamlNode | undefined): YamlMap {
  const [a, b] = [first, second].filter((node) => node?.kind === 'map') as [YamlMap, YamlMap?];
  if (b === undefined) return a;
  const entries = a.entries.map((entry) => {
    const over = entryOf(b, entry.key);
    if (over === undefined) return entry;
    const areMaps = entry.value.kind === 'map' && over.value.kind === 'map';
    return areMaps ? { ...over, value: merged(entry.value, over.value) } : over;
  });
  return { ...a, entries: [...entries, ...b.entries.filter(({ key }) => entryOf(a, key) === undefined)] };
}
