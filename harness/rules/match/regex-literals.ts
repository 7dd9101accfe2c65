// The literals without which a regular expression cannot match: what makes it worth trying at all.

import type { Regex } from './regex-syntax.ts';

/**
 * Literals of which every matching text holds at least one; undefined when there is no such list.
 * For patterns that ignore case, only ASCII counts: beyond, letters have more than two forms.
 */
export function requiredLiterals(regex: Regex, ignoreCase: boolean): readonly string[] | undefined {
  const lists = candidateLists(regex, ignoreCase);
  const usable = lists.filter(
    (list) => list.length <= longestList && list.every((literal) => literal !== ''),
  );
  return usable.sort((a, b) => worth(b) - worth(a))[0];
}

/** Beyond this many alternatives there is little to gain. */
const longestList = 32;

/** A list is worth what its shortest literal is worth. */
const worth = (list: readonly string[]): number => Math.min(...list.map(({ length }) => length));

/** Every list found on the way: each part of a sequence offers its own. */
function candidateLists(regex: Regex, ignoreCase: boolean): (readonly string[])[] {
  switch (regex.kind) {
    case 'char':
      return isUsable(regex.text, ignoreCase) ? [[regex.text]] : [];
    case 'class':
    case 'any':
    case 'assertion':
      return [];
    case 'sequence':
      return sequenceLists(regex.of, ignoreCase);
    case 'choice': {
      const best = regex.of.map((part) => requiredLiterals(part, ignoreCase));
      return best.every((list) => list !== undefined) ? [best.flat()] : [];
    }
    case 'repeat':
      return regex.min > 0 ? candidateLists(regex.of, ignoreCase) : [];
  }
}

/** Neighbours that are literals, or choices between literals, make longer literals. */
function sequenceLists(parts: readonly Regex[], ignoreCase: boolean): (readonly string[])[] {
  const lists: (readonly string[])[] = [];
  let run: readonly string[] = [''];
  for (const part of parts) {
    const spelled = spellings(part, ignoreCase);
    if (spelled !== undefined && run.length * spelled.length <= longestList) {
      run = run.flatMap((start) => spelled.map((end) => start + end));
      continue;
    }
    lists.push(run, ...candidateLists(part, ignoreCase));
    run = [''];
  }
  return [...lists, run];
}

/** All texts that match, when they can be listed. */
function spellings(regex: Regex, ignoreCase: boolean): readonly string[] | undefined {
  switch (regex.kind) {
    case 'char':
      return isUsable(regex.text, ignoreCase) ? [regex.text] : undefined;
    case 'sequence': {
      const parts = regex.of.map((part) => spellings(part, ignoreCase));
      if (!parts.every((part) => part?.length === 1)) return undefined;
      return [parts.map((part) => part?.[0] ?? '').join('')];
    }
    case 'choice': {
      const parts = regex.of.map((part) => spellings(part, ignoreCase));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    case 'class':
    case 'any':
    case 'assertion':
    case 'repeat':
      return undefined;
  }
}

const isUsable = (text: string, ignoreCase: boolean): boolean => !ignoreCase || text.charCodeAt(0) < 128;
