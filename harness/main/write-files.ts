// Texts below a folder, by their paths.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writingFile } from './writing.ts';

/**
 * @param files path below the folder → text
 * @returns the files, as they were written
 * @throws AtomclockError `output/unwritable`
 */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const written: string[] = [];
  for (const [path, text] of files) {
    const file = join(folder, path);
    await writingFile(file, () => writeFile(file, text));
    written.push(file);
  }
  return written;
}
