// One hash over everything an image is made of: the same sources never build twice, changed ones always do.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * The hash of a build context and what else goes into the image.
 * @param folder the build context
 * @param inputs base image id, build arguments: whatever else changes the result
 * @returns twelve hex digits
 */
export function sourceHash(folder: string, inputs: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(inputs).sort(byName)) hash.update(`input\0${name}\0${value}\0`);
  for (const path of contextFiles(folder)) hash.update(fingerprint(folder, path));
  return hash.digest('hex').slice(0, 12);
}

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

/** Every file of the context, by path relative to it, sorted. */
export function contextFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** Path, whether executable (the only mode that git keeps), and content. */
function fingerprint(folder: string, path: string): string {
  const file = join(folder, path);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return `link\0${path}\0${readlinkSync(file)}\0`;
  const content = createHash('sha256').update(readFileSync(file)).digest('hex');
  return `file\0${path}\0${(stat.mode & 0o100) === 0 ? '-' : 'x'}\0${content}\0`;
}
