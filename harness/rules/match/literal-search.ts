// Looks for many literals in a text at once (Aho–Corasick): one pass, whose cost does not grow with their number.

import { fold } from './text.ts';

/** A literal to look for, without regard to case; never empty. */
export interface Needle<Owner> {
  readonly literal: string;
  /** Must it stand at the start of the text, at its end? */
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** Whom to tell; several needles may have one owner, and one literal several. */
  readonly owner: Owner;
}

/** Calls back for the owner of each needle that stands in the text; an owner may be told more than once. */
export type LiteralSearch<Owner> = (text: string, found: (owner: Owner) => void) => void;

/**
 * Prepares a search. It finds a superset, to be checked by whoever is told: case is ignored as `fold` does and ſ
 * counts as s (for case-insensitive regular expressions it is one), letters beyond ASCII are told apart roughly,
 * and of long literals only a part is looked for.
 */
export function literalSearch<Owner>(needles: readonly Needle<Owner>[]): LiteralSearch<Owner> {
  const short = needles.map(shortened);
  const { columns, width } = alphabetOf(short);
  const trie = trieOf(short, columns);
  const transitions = transitionsOf(trie, width);
  // Folding keeps lengths.
  const shortest = Math.min(...short.map(({ literal }) => literal.length));

  return (text, found) => {
    const { length } = text;
    if (length < shortest) return;
    let row = 0;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      if (code >= asciiSize) return searchFolded(searchForm(text), found);
      row = transitions[row + (columns[code] as number)] as number;
      if (row >= 0) continue;
      row = ~row;
      tell(trie[row / width] as TrieNode<Owner>, at, length, found);
    }
  };

  /** Text that is not all ASCII: rare enough to be folded first. */
  function searchFolded(text: string, found: (owner: Owner) => void): void {
    let row = 0;
    for (let at = 0; at < text.length; at++) {
      row = transitions[row + columnOf(columns, text.charCodeAt(at))] as number;
      if (row >= 0) continue;
      row = ~row;
      tell(trie[row / width] as TrieNode<Owner>, at, text.length, found);
    }
  }
}

const asciiSize = 128;
/** Beyond ASCII, code units that are equal modulo this are not told apart. */
const beyondSize = 64;
/** Keeps the automaton's size in proportion to the number of literals, not to their length. */
const longestNeedle = 16;

function shortened<Owner>(needle: Needle<Owner>): Needle<Owner> {
  const literal = searchForm(needle.literal);
  if (literal.length <= longestNeedle) return { ...needle, literal };
  return needle.atEnd
    ? { ...needle, literal: literal.slice(-longestNeedle), atStart: false }
    : { ...needle, literal: literal.slice(0, longestNeedle) };
}

const searchForm = (text: string): string => fold(text).replaceAll('ſ', 's');

/** By code (beyond ASCII: reduced code) the column of the transitions; 0 for all that is in no needle. */
function alphabetOf(needles: readonly Needle<unknown>[]): { columns: Uint8Array; width: number } {
  const columns = new Uint8Array(asciiSize + beyondSize);
  let width = 1;
  for (const { literal } of needles) {
    for (let at = 0; at < literal.length; at++) {
      const code = reduced(literal.charCodeAt(at));
      if (columns[code] !== 0) continue;
      columns[code] = width;
      if (code < asciiSize) columns[String.fromCharCode(code).toUpperCase().charCodeAt(0)] = width;
      width += 1;
    }
  }
  return { columns, width };
}

const reduced = (code: number): number => (code < asciiSize ? code : asciiSize + (code % beyondSize));

const columnOf = (columns: Uint8Array, code: number): number => columns[reduced(code)] as number;

interface TrieNode<Owner> {
  /** By column the position of the child. */
  readonly children: Map<number, number>;
  /** Position of the longest proper suffix of this node's text that is a node as well. */
  suffix: number;
  /** Needles that end here, those of the suffixes included once these are linked. */
  readonly ending: Needle<Owner>[];
}

function trieOf<Owner>(needles: readonly Needle<Owner>[], columns: Uint8Array): TrieNode<Owner>[] {
  const root: TrieNode<Owner> = { children: new Map(), suffix: 0, ending: [] };
  const nodes = [root];
  for (const needle of needles) {
    let node = root;
    for (let at = 0; at < needle.literal.length; at++) {
      const column = columnOf(columns, needle.literal.charCodeAt(at));
      let child = node.children.get(column);
      if (child === undefined) {
        child = nodes.length;
        node.children.set(column, child);
        nodes.push({ children: new Map(), suffix: 0, ending: [] });
      }
      node = nodes[child] as TrieNode<Owner>;
    }
    node.ending.push(needle);
  }
  return nodes;
}

/** For each node a row: by column the offset of the next row, as its complement when needles end there. */
function transitionsOf<Owner>(nodes: readonly TrieNode<Owner>[], width: number): Int32Array {
  const next = new Int32Array(nodes.length * width);
  // A suffix is shorter than its node, so its row is finished when the node's turn comes.
  const breadthFirst = [0];
  for (const id of breadthFirst) {
    const { suffix, children } = nodes[id] as TrieNode<Owner>;
    const row = id * width;
    if (id !== 0) next.copyWithin(row, suffix * width, (suffix + 1) * width);
    for (const [column, child] of children) {
      const childNode = nodes[child] as TrieNode<Owner>;
      childNode.suffix = (next[row + column] as number) / width;
      childNode.ending.push(...(nodes[childNode.suffix] as TrieNode<Owner>).ending);
      next[row + column] = child * width;
      breadthFirst.push(child);
    }
  }
  return next.map((row) => ((nodes[row / width] as TrieNode<Owner>).ending.length > 0 ? ~row : row));
}

function tell<Owner>(
  { ending }: TrieNode<Owner>,
  at: number,
  length: number,
  found: (owner: Owner) => void,
): void {
  for (const { literal, atStart, atEnd, owner } of ending) {
    if (atEnd && at !== length - 1) continue;
    if (atStart && at !== literal.length - 1) continue;
    found(owner);
  }
}
