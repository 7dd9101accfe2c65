// The files below a path that the user gave: bounded, and safe from links that lead in circles.

import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { shownPath } from './source.ts';

export interface FoundFile {
  /** Absolute. */
  path: string;
  /** Below the folder that was given; the file's own name when a file was given. */
  relativePath: string;
  /** Given as a file, so that it must be what it is taken for. */
  named: boolean;
}

const maxFiles = 20_000;
const maxDepth = 40;
/** Folders that hold nobody's content. */
const skippedFolders = new Set(['node_modules', '.git']);

/**
 * Lists the files with one of these endings below a path, in a stable order.
 * @param given folder or file, absolute or relative to the working directory
 * @param endings lower case, with the dot; a file that is named itself may have any
 */
export function findFiles(
  given: string,
  endings: readonly string[],
): { files: FoundFile[]; problems: Problem[] } {
  const root = resolve(given);
  const search: Search = { endings, files: [], problems: [], entered: new Set(), full: false };
  const kind = attempt(search, root, () => (statSync(root).isDirectory() ? 'folder' : 'file'));
  if (kind === 'file') search.files.push({ path: root, relativePath: basename(root), named: true });
  if (kind === 'folder') walk(search, root, '', 0);
  return search;
}

interface Search {
  readonly endings: readonly string[];
  readonly files: FoundFile[];
  readonly problems: Problem[];
  /** Real paths of folders: a link to one of them adds nothing. */
  readonly entered: Set<string>;
  full: boolean;
}

function walk(search: Search, folder: string, below: string, depth: number): void {
  if (depth > maxDepth) {
    report(search, folder, 'error', 'too-deep', `expected at most ${maxDepth} folders inside each other`);
    return;
  }
  const entries = attempt(search, folder, () => {
    const real = realpathSync(folder);
    if (search.entered.has(real)) return [];
    search.entered.add(real);
    return entriesOf(folder);
  });
  for (const entry of entries ?? []) {
    const path = join(folder, entry.name);
    const relativePath = below === '' ? entry.name : `${below}/${entry.name}`;
    switch (kindOf(entry, path)) {
      case 'folder':
        if (!skippedFolders.has(entry.name)) walk(search, path, relativePath, depth + 1);
        break;
      case 'file':
        if (isWanted(search, entry)) add(search, { path, relativePath, named: false });
        break;
      case 'dangling':
        if (isWanted(search, entry)) {
          report(search, path, 'warning', 'dangling-link', 'a symbolic link that leads nowhere');
        }
        break;
      case 'other':
        break;
    }
    if (search.full) return;
  }
}

function add(search: Search, file: FoundFile): void {
  search.full = search.files.length >= maxFiles;
  if (!search.full) search.files.push(file);
  else
    report(
      search,
      file.path,
      'error',
      'too-many',
      `expected at most ${maxFiles} files; this one and more were left out`,
    );
}

const isWanted = ({ endings }: Search, { name }: Dirent): boolean =>
  endings.some((ending) => name.toLowerCase().endsWith(ending));

/** In code unit order, so that every machine loads content in the same order. */
const entriesOf = (folder: string): Dirent[] =>
  readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));

function kindOf(entry: Dirent, path: string): 'folder' | 'file' | 'dangling' | 'other' {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other';
  try {
    const target = statSync(path);
    return target.isDirectory() ? 'folder' : target.isFile() ? 'file' : 'other';
  } catch {
    return 'dangling';
  }
}

/** A folder that cannot be read is a problem of its own; what lies beside it is still found. */
function attempt<T>(search: Search, path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const message = code === 'ENOENT' ? 'no such file or folder' : `cannot be read: ${code ?? error}`;
    report(search, path, 'error', 'unreadable', message);
    return undefined;
  }
}

function report(
  search: Search,
  path: string,
  severity: Problem['severity'],
  code: string,
  message: string,
): void {
  const place = { file: shownPath(path), line: 1, column: 1 };
  search.problems.push({ code: `file/${code}`, message, place, severity });
}
