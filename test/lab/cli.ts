// Runs the command line as its users do: as a process, with its streams and its exit code.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.ts';

export const repository = new URL('../..', import.meta.url).pathname;

export const atomclock = (
  words: readonly string[],
  options: { forceKillAfterDelay?: false; env?: Record<string, string> } = {},
) => execa('node', ['harness/cli/main.ts', ...words], { cwd: repository, reject: false, ...options });

/** Resolves when a line on the stream matches; the process runs on. Rejects when the stream ends without one. */
export function lineOn(stream: NodeJS.ReadableStream, wanted: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
      if (wanted.test(text)) resolve();
    });
    stream.once('end', () => reject(new RangeError(`no line like ${wanted} in:\n${text}`)));
  });
}

export interface Outcome {
  exitCode: number | undefined;
  record: RunRecord;
  stderr: string;
}

/** Runs `atomclock … --json` and checks what it prints against the schema. */
export async function recordOf(words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await atomclock([...words, '--json'], { env });
  if (stdout === '') throw new RangeError(`no record: exit ${exitCode}\n${stderr}`);
  return { exitCode, record: runRecordSchema.parse(JSON.parse(stdout)), stderr };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(files: Readonly<Record<string, string>> = {}) {
  const path = await mkdtemp(join(tmpdir(), 'atomclock-test-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
