// runs/<id>/run.json, written and read back: damaged and newer ones are refused by name.

import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readInput } from '../content/input-stream.ts';
import { holdAgainst, parseJson } from '../content/json-text.ts';
import { makeFolder } from '../content/make-folder.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { formatPlace } from '../model/place.ts';
import type { RunRecord } from '../model/run-record.ts';
import { sourceOf } from '../model/source.ts';
import { runRecordReading } from '../model/versions/run-record.ts';
import { renderJson } from '../report/json.ts';
import { writing } from './writing.ts';

/**
 * Reads a saved run.
 * @param path a run's folder, or the file itself
 * @throws AtomclockError `run/missing`, `run/damaged`, `run/newer-version`
 */
export async function readRun(path: string): Promise<RunRecord> {
  const { file, text } = await readRecordText(path);
  const parsed = parseJson(text);
  const checked = 'fault' in parsed ? parsed : holdAgainst(schemaFor(file, parsed.value), parsed.value, text);
  if ('value' in checked) return checked.value;
  const { offset, message } = checked.fault;
  throw new AtomclockError(
    'run/damaged',
    `${formatPlace(sourceOf(file, text).place(offset))} is not a run that can be read: ${message}`,
    { exitCode: exitCodes.badInput },
  );
}

/**
 * What each case of the run took, in milliseconds by its id, where the request names a run; else null.
 * @throws AtomclockError as `readRun`
 */
export async function durationsOf({
  durations,
}: {
  readonly durations?: string;
}): Promise<ReadonlyMap<string, number> | null> {
  if (durations === undefined) return null;
  const { cases } = await readRun(durations);
  return new Map(
    cases.map(({ id, timings }) => [id, Object.values(timings).reduce((sum, ms) => sum + ms, 0)]),
  );
}

/** By the version that it names; one of an earlier version is read as if it were written today. */
function schemaFor(file: string, value: unknown) {
  const reading = runRecordReading(value);
  if ('schema' in reading) return reading.schema;
  throw new AtomclockError(
    'run/newer-version',
    `${file} has schemaVersion ${reading.newer}, and this atomclock reads up to ${reading.newest}`,
    { exitCode: exitCodes.badInput, hint: 'Use the atomclock that wrote it, or a newer one.' },
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
    makeFolder(folder);
    await writeFile(`${file}.part`, renderJson(record).output);
    await rename(`${file}.part`, file);
  });
  return file;
}

async function readRecordText(path: string): Promise<{ file: string; text: string }> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'run.json') : path;
    return { file, text: await readInput(file) };
  } catch (cause) {
    throw new AtomclockError('run/missing', `Expected the folder of a run with its run.json, got ${path}`, {
      exitCode: exitCodes.badInput,
      hint: 'Runs are kept under runs/<id>/.',
      cause,
    });
  }
}
