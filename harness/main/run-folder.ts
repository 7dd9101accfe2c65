// The folder that a run is kept in: two runs are never mixed, and what is no run is never written into.

import { access, constants, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../content/make-folder.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { progressFile } from './progress-file.ts';
import { writing } from './writing.ts';

/** What a run keeps; a report that was put beside it is not ours to remove. */
const evidence = ['evidence.json', 'cases'];
const record = 'run.json';
/** What the run was asked for, for --resume. */
export const requestFile = 'request.json';
const kept = [...evidence, progressFile, requestFile, record];

/**
 * Makes a folder ready for a new run, before anything is started: that nothing can be kept must not be found out at the
 * end. An earlier run in it is removed as a whole.
 * @throws AtomclockError `output/not-a-run`, `output/unwritable`
 */
export const claimForRun = (folder: string): Promise<void> =>
  writing(folder, async () => {
    makeFolder(folder);
    await access(folder, constants.W_OK);
    await refuseOthers(folder);
    for (const name of kept) await rm(join(folder, name), { recursive: true, force: true });
  });

/** Of a run that is taken up, only its record goes, which was that of a part. @throws as `claimForRun` */
export const claimForResume = (folder: string): Promise<void> =>
  writing(folder, async () => {
    await access(folder, constants.W_OK);
    await refuseOthers(folder);
    for (const name of ['evidence.json', record]) await rm(join(folder, name), { force: true });
  });

/**
 * Makes a folder ready for a record alone: that of a replay or of a merge. One that has evidence may only get the record
 * of that evidence.
 * @param source the folder that was judged; null: several, or a bare file
 * @throws AtomclockError `output/not-a-run`, `output/other-run`, `output/unwritable`
 */
export const claimForRecord = (folder: string, source: string | null): Promise<void> =>
  writing(folder, async () => {
    makeFolder(folder);
    await access(folder, constants.W_OK);
    await refuseOthers(folder);
    const names = await readdir(folder);
    if (!evidence.some((name) => names.includes(name)) || (await isSame(folder, source))) return;
    throw new AtomclockError('output/other-run', `${folder} has the evidence of another run`, {
      exitCode: exitCodes.badInput,
      hint: 'Name a new folder, or the one that is replayed: its record is replaced then.',
    });
  });

async function isSame(folder: string, source: string | null): Promise<boolean> {
  if (source === null) return false;
  const [one, other] = await Promise.all([folder, source].map((path) => realpath(path).catch(() => path)));
  return one === other;
}

/** Nothing is in it, or a run is. */
async function refuseOthers(folder: string): Promise<void> {
  const names = await readdir(folder);
  // A run that was killed has left its cases and no more.
  if (names.every((name) => kept.includes(name.replace(/\.part$/, '')))) return;
  for (const name of ['evidence.json', record])
    if (names.includes(name) && (await isOurs(join(folder, name)))) return;
  const shown = names.toSorted().slice(0, 3).join(', ');
  throw new AtomclockError('output/not-a-run', `${folder} holds something else than a run: ${shown}`, {
    exitCode: exitCodes.badInput,
    hint: 'Expected a new or empty folder, or one in which a run was kept.',
  });
}

/** Also of a version to come: whoever names its folder wants it replaced. Of what is damaged the first words must do. */
async function isOurs(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^\s*\{\s*"(?:evidenceVersion|schemaVersion)"\s*:\s*\d/.test(text);
}
