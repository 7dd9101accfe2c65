// Makes a folder with those above it. Node's own recursive mkdir never ends where a file system takes no folder, such as
// /proc: it makes what is missing above again and again.

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes what is missing of a path.
 * @throws the system's error where that cannot be
 */
export function makeFolder(path: string): void {
  if (makeOne(path)) return;
  makeFolder(dirname(path));
  if (!makeOne(path)) throw missing(path);
}

/** False: what is above it is missing. Somebody else may make it at the same time. */
function makeOne(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) return false;
    if (code === 'EEXIST' && isFolder(path)) return true;
    throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const missing = (path: string): Error =>
  Object.assign(new Error(`ENOENT: no folder can be made here, mkdir '${path}'`), { code: 'ENOENT' });
