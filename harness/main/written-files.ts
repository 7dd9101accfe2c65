// The files of schedulers that an attack wrote, with what stood in them while its launch was waited for.

import { readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import { AtomclockError } from '../model/errors.ts';
import { emptyInventory, type ScheduleFile } from '../model/inventory.ts';

export type WrittenFile = Pick<ScheduleFile, 'path' | 'mode' | 'owner' | 'content'>;

/**
 * Those of each case, by its id; a case whose evidence is damaged has none.
 * @throws AtomclockError `evidence/…` where the evidence as a whole cannot be read
 */
export async function writtenFiles(folder: string): Promise<ReadonlyMap<string, WrittenFile[]>> {
  const { cases } = await readEvidenceFile(folder);
  const files = new Map<string, WrittenFile[]>();
  for (const place of cases) {
    try {
      const { evidence } = await readCase(folder, place);
      files.set(place.id, filesWritten(evidence.inventory));
    } catch (error) {
      if (!(error instanceof AtomclockError)) throw error;
    }
  }
  return files;
}

type Inventories = Awaited<ReturnType<typeof readCase>>['evidence']['inventory'];

function filesWritten({ before, scheduled, after }: Inventories): WrittenFile[] {
  // Nobody looked while the launch was waited for: what was left is what there was.
  const during = scheduled.takenAt === emptyInventory.takenAt ? after : scheduled;
  const known = new Map(before.files.map(({ path, sha256 }) => [path, sha256]));
  return during.files
    .filter(({ path, sha256 }) => known.get(path) !== sha256)
    .map(({ path, mode, owner, content }) => ({ path, mode, owner, content }));
}
