// Texts below a folder, by their paths.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writing } from './writing.ts';

/**
 * @param files path below the folder → text
 * @returns the files, as they were written
 * @throws AtomclockError `output/unwritable`
 */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const written: string[] = [];
  for (const [path, text] of files) {
    const file = join(folder, path);
    await writing(file, async () => {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    });
    written.push(file);
  }
  return written;
}
