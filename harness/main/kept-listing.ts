// The bundled listing as the last command made it, where nothing has changed since: reading and checking all content
// takes most of the time that `list` would.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../content/make-folder.ts';
import { shownPath } from '../content/source.ts';
import { packageRoot } from '../model/package-root.ts';
import { sensorNames } from '../model/vocabularies/index.ts';
import type { WholeListing } from './listing.ts';

/** All that the listing is made of. */
const contentFolders = ['atomics', 'detections', 'containers'];
/** Where the code lies that makes it: in the repository, and in the package. */
const codeFolders = ['harness', 'dist'];

/**
 * What was kept, where it is of the same content and code and sound; else what is made now, which is kept.
 * @param root the package's folder
 */
export async function keptListing(
  make: () => Promise<WholeListing>,
  root: string = packageRoot,
): Promise<WholeListing> {
  const file = fileOf(root);
  // Before anything is read to make it: what is edited meanwhile must not be taken for what was read.
  const key = keyOf(root);
  const kept = read(file, key);
  if (kept) return kept;
  const made = await make();
  write(file, key, JSON.stringify(made));
  return made;
}

/**
 * One for each installation and way in which its files are told, from the working directory or not, so that they do not
 * become more and more; below the user's own folder.
 */
const fileOf = (root: string): string => {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const name = hashOf(`${root}\0${shownPath(root)}`).slice(0, 16);
  return join(caches, 'atomclock', `listing-${name}.json`);
};

/** Of content every byte; of code, sizes and times: it is ten times as much, and changes with an installation. */
function keyOf(root: string): string {
  const hash = createHash('sha256');
  // Sensors can be registered.
  hash.update(JSON.stringify([process.version, sensorNames()]));
  for (const path of pathsIn(root, codeFolders)) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size} ${mtimeMs}\0`);
  }
  for (const path of pathsIn(root, contentFolders)) {
    hash.update(`${path}\0`);
    if (!statSync(path).isDirectory()) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Files and folders below folders of the package, in an order of its own; of a folder that is not there, none. */
const pathsIn = (root: string, names: readonly string[]): string[] =>
  names
    .map((name) => join(root, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .toSorted()
        .map((below) => `${folder}/${below}`),
    );

/** A line with the key and the hash of what follows, then the listing: what was cut or altered has another hash. */
function read(file: string, key: string): WholeListing | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const end = text.indexOf('\n');
    const payload = text.slice(end + 1);
    return text.slice(0, end) === headOf(key, payload) ? (JSON.parse(payload) as WholeListing) : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all; where nothing can be written, the next command makes it again. */
function write(file: string, key: string, payload: string): void {
  const part = `${file}.${process.pid}.part`;
  try {
    makeFolder(dirname(file));
    writeFileSync(part, `${headOf(key, payload)}\n${payload}`, { mode: 0o600 });
    renameSync(part, file);
  } catch {
    // A full disk, a read-only home, a file where the folder should be.
    try {
      rmSync(part, { force: true });
    } catch {}
  }
}

const headOf = (key: string, payload: string): string => `${key} ${hashOf(payload)}`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
