// Matches text against `*` and `?` without backtracking over more than one star: the time is bounded by
// text × pattern, whatever the pattern is.

import { anyOne, anyRun, type WildcardPattern } from '../predicate.ts';

/** Prepares a pattern; the result tells whether a whole text matches it. `?` stands for one code point. */
export function wildcardMatcher(pattern: WildcardPattern): (text: string) => boolean {
  const hasOne = pattern.includes(anyOne);
  const chunks = chunksOf(pattern);
  return (text) => {
    if (hasOne && astral.test(text)) return matchesCodePoints(pattern, [...text]);
    return matchesChunks(chunks, text);
  };
}

/** What stands between two stars: literals and single wildcards, and the number of characters it covers. */
interface Chunk {
  readonly parts: readonly (string | typeof anyOne)[];
  readonly length: number;
}

const astral = /[\ud800-\udbff]/;

function chunksOf(pattern: WildcardPattern): readonly Chunk[] {
  const chunks: { parts: (string | typeof anyOne)[]; length: number }[] = [{ parts: [], length: 0 }];
  for (const part of pattern) {
    const chunk = chunks[chunks.length - 1];
    if (part === anyRun || chunk === undefined) {
      chunks.push({ parts: [], length: 0 });
    } else {
      chunk.parts.push(part);
      chunk.length += part === anyOne ? 1 : part.length;
    }
  }
  return chunks;
}

/** The first chunk is anchored at the start, the last at the end, those between match as early as they can. */
function matchesChunks(chunks: readonly Chunk[], text: string): boolean {
  const [first, ...later] = chunks;
  if (first === undefined || !standsAt(first, text, 0)) return false;
  const last = later.pop();
  if (last === undefined) return text.length === first.length;
  let at = first.length;
  for (const chunk of later) {
    const found = find(chunk, text, at);
    if (found < 0) return false;
    at = found + chunk.length;
  }
  const end = text.length - last.length;
  return end >= at && standsAt(last, text, end);
}

function find(chunk: Chunk, text: string, from: number): number {
  const [head] = chunk.parts;
  if (head === undefined) return from;
  if (chunk.parts.length === 1 && head !== anyOne) return text.indexOf(head, from);
  for (let at = from; at + chunk.length <= text.length; at++) {
    if (head !== anyOne) {
      at = text.indexOf(head, at);
      if (at < 0) return -1;
    }
    if (standsAt(chunk, text, at)) return at;
  }
  return -1;
}

function standsAt(chunk: Chunk, text: string, at: number): boolean {
  if (at + chunk.length > text.length) return false;
  let position = at;
  for (const part of chunk.parts) {
    if (part === anyOne) {
      position += 1;
    } else {
      if (!text.startsWith(part, position)) return false;
      position += part.length;
    }
  }
  return true;
}

/** The rare case where one character is two code units: positions that a prefix of the pattern can reach. */
function matchesCodePoints(pattern: WildcardPattern, text: readonly string[]): boolean {
  let reached = new Set([0]);
  for (const part of pattern) {
    const next = new Set<number>();
    if (part === anyRun) {
      const from = Math.min(...reached);
      for (let at = from; at <= text.length; at++) next.add(at);
    } else if (part === anyOne) {
      for (const at of reached) if (at < text.length) next.add(at + 1);
    } else {
      const literal = [...part];
      for (const at of reached) {
        if (literal.every((character, index) => text[at + index] === character))
          next.add(at + literal.length);
      }
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(text.length);
}
