// YAML as a tree of maps, lists and scalars that know where they stand.

import type { Place } from '../../model/place.ts';

export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly place: Place;
}

export interface YamlEntry {
  readonly key: string;
  readonly keyPlace: Place;
  /** The key is no text in YAML: a bare number, a boolean, null. */
  readonly isKeyOther?: true;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly place: Place;
}

export interface YamlScalar {
  readonly kind: 'scalar';
  /** Whole numbers beyond double precision are given as the text of their digits. */
  readonly value: string | number | boolean | null;
  /** Such a number itself: its digits stand there without quotes. */
  readonly whole?: bigint;
  /** How a number was written, when that is not how it is spelled as a decimal: `0x17`, `0755`, `1e3`. */
  readonly written?: string;
  /** What a text without quotes is to readers of YAML 1.1, where `yes` and `off` are true and false. */
  readonly truth?: boolean;
  readonly place: Place;
  /** The place of a character of the text, as near as the way it is quoted or folded lets us tell. */
  readonly placeOf: (index: number) => Place;
}

/** The value of a key, or undefined when the map has no such key. */
export const entryOf = (map: YamlMap, key: string): YamlEntry | undefined =>
  map.entries.find((entry) => entry.key === key);

/** What a node is, in the words of an error message. */
export function describeNode(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'scalar':
      return node.value === null
        ? 'nothing'
        : `the ${node.whole === undefined ? typeof node.value : 'number'} \`${node.value}\``;
  }
}
