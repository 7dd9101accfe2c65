// A file as the agent in a target tells of it.

import type { Found } from '../engine/ports.ts';

export interface FileFacts {
  /** As `find` has it: f, d, l, p, s, b, c. */
  readonly type: string;
  /** Permission bits. */
  readonly permissions: number;
  readonly uid: string;
  readonly size: number;
  /** When its content, and when anything of it, last changed: `SECONDS.NANOSECONDS` since the epoch. */
  readonly modified: string;
  readonly changed: string;
  /** How many names it has. */
  readonly names: number;
}

export interface FoundFile extends FileFacts {
  readonly path: string;
  /** What a link says, and what is there; null for what is no link, or leads nowhere. */
  readonly link: string;
  readonly behind: FileFacts | null;
  /** Of a regular file, also behind a link; null where it was not read. */
  readonly content: Buffer | null;
}

/** @source containers/agent/look.c, write_facts */
export function foundFile({ path, facts, link, content }: Found): FoundFile {
  const lines = facts.split('\n');
  const [own = '', second = ''] = lines;
  return {
    path,
    ...readFacts(own),
    link,
    behind: second === '' || second === 'content' ? null : readFacts(second),
    content: lines.at(-1) === 'content' ? content : null,
  };
}

function readFacts(line: string): FileFacts {
  const [type = '', mode = '0', uid = '', size = '0', modified = '0', changed = '0', names = '1'] =
    line.split(' ');
  return {
    type,
    permissions: Number.parseInt(mode, 8),
    uid,
    size: Number(size),
    modified,
    changed,
    names: Number(names),
  };
}
