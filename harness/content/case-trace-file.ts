// What a report shows of a case beyond its record, kept beside the case's evidence by whoever judged it: a report of a
// thousand cases then need not read all that they recorded.

import { constants, type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptTraceSchema } from '../model/trace-schema.ts';
import type { CaseTrace } from '../model/traces.ts';
import { type CasePlace, caseFolder } from './evidence-folder.ts';
import { holdAgainst, parseJson } from './json-text.ts';

export interface KeptTrace {
  /** Tells the judging that it was made for; of another one it shows the wrong events. */
  readonly madeFor: string;
  readonly trace: CaseTrace;
}

/** Writes it, whole or not at all. */
export async function writeCaseTrace(run: string, name: string, kept: KeptTrace): Promise<void> {
  const file = fileIn(await caseFolder(run, name));
  await writeFile(`${file}.part`, `${JSON.stringify(kept)}\n`);
  await rename(`${file}.part`, file);
}

/** @returns null where none was kept for this judging, or none that is sound: the evidence itself tells then */
export async function readCaseTrace(
  run: string,
  { folder }: CasePlace,
  madeFor: string,
): Promise<CaseTrace | null> {
  const text = await textOf(fileIn(join(run, 'cases', folder)));
  const parsed = text === null ? null : parseJson(text);
  if (text === null || parsed === null || 'fault' in parsed) return null;
  const checked = holdAgainst(keptTraceSchema, parsed.value, text);
  if ('fault' in checked || checked.value.madeFor !== madeFor) return null;
  // Not the checked copy: an event has its fields in the order in which they were written.
  return (parsed.value as KeptTrace).trace;
}

const fileIn = (folder: string): string => join(folder, 'trace.json');

/** Null for what is not there, for a link, and for what is no file: a pipe would wait for a writer for ever. */
async function textOf(file: string): Promise<string | null> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    return (await handle.stat()).isFile() ? await handle.readFile('utf8') : null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
