// Word of edits below paths: that what is there is really another, and not a file that an editor keeps beside it.

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { changesOf } from './watch-files.ts';

export interface Edits {
  /** Resolves when something is otherwise than when this was last called; rejects with the signal's reason. */
  next(): Promise<void>;
}

/** @throws AtomclockError `watch/unwatchable`, by `next` */
export function editsOf(paths: readonly string[], signal: AbortSignal): Edits {
  const changes = changesOf(paths, signal);
  let seen = stateOf(paths);
  return {
    async next() {
      for (;;) {
        await changes.next();
        const now = stateOf(paths);
        if (now === seen) continue;
        seen = now;
        return;
      }
    },
  };
}

/** Folders of payloads beside a file of atomics: they are of its content. Of a folder they are below it. */
export const payloadsBeside = (path: string): string[] =>
  isFolder(path) ? [] : ['src', 'bin'].map((name) => join(dirname(path), name)).filter(isFolder);

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** What tells one state of files from another: also a file that is renamed onto one, or gets another mode. */
const stateOf = (paths: readonly string[]): string => paths.flatMap(filesOf).map(markOf).join('\n');

function markOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return `${path} ${found ? `${found.ctimeMs} ${found.size} ${found.ino}` : 'gone'}`;
}

function filesOf(path: string): string[] {
  if (!isFolder(path)) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory() && !isOfEditor(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => !/[\\/](?:node_modules|\.git)[\\/]/.test(file))
    .sort();
}

/** `.own.yml.swp` and `.#own.yml` while it is open, `own.yml~` when it was saved. */
const isOfEditor = (name: string): boolean => basename(name).startsWith('.') || name.endsWith('~');
