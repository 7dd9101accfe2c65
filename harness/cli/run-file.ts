// runs/<id>/run.json, written and read back: damaged and newer ones are refused by name.

import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { upToDate } from '../engine/record/older.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { type RunRecord, runRecordSchema, runRecordVersion } from '../model/run-record.ts';
import { renderJson } from '../report/json.ts';
import { writing } from './writing.ts';

/**
 * Reads a saved run.
 * @param path a run's folder, or the file itself
 * @throws AtomclockError `run/missing`, `run/damaged`, `run/newer-version`
 */
export async function readRun(path: string): Promise<RunRecord> {
  const { file, text } = await readRecordText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, 'it is not JSON', cause);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version > runRecordVersion) {
    throw new AtomclockError(
      'run/newer-version',
      `${file} has schemaVersion ${version}, and this atomclock reads up to ${runRecordVersion}`,
      { exitCode: exitCodes.badInput, hint: 'Use the atomclock that wrote it, or a newer one.' },
    );
  }
  const parsed = runRecordSchema.safeParse(value);
  if (parsed.success) return upToDate(parsed.data);
  const [issue] = parsed.error.issues;
  throw damaged(
    file,
    issue ? `at ${issue.path.join('.') || 'its top'}: ${issue.message}` : 'it is no RunRecord',
  );
}

/**
 * Writes run.json into a folder, whole or not at all.
 * @returns the file's path
 * @throws AtomclockError `output/unwritable`
 */
export async function writeRun(folder: string, record: RunRecord): Promise<string> {
  const file = join(folder, 'run.json');
  await writing(file, async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.part`, renderJson(record).output);
    await rename(`${file}.part`, file);
  });
  return file;
}

async function readRecordText(path: string): Promise<{ file: string; text: string }> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'run.json') : path;
    return { file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    throw new AtomclockError('run/missing', `Expected the folder of a run with its run.json, got ${path}`, {
      exitCode: exitCodes.badInput,
      hint: 'Runs are kept under runs/<id>/.',
      cause,
    });
  }
}

const damaged = (file: string, why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('run/damaged', `${file} is not a run that can be read: ${why}`, {
    exitCode: exitCodes.badInput,
    ...(cause !== undefined && { cause }),
  });
