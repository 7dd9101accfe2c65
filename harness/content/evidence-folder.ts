// A run's folder: evidence that can be kept, shipped and judged again.
//
//   evidence.json            version, facts of the run, texts of the rules it was judged by, its cases in order
//   cases/<case>/case.json   what the harness did and found, without opinion
//   cases/<case>/events.ndjson, raw/<sensor>.ndjson, transcript.txt
//   run.json                 the RunRecord (written by whoever judges)

import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { EcsEvent } from '../model/event.ts';
import { type CaseEvidence, caseEvidenceSchema, evidenceVersion } from '../model/evidence.ts';
import { runRecordSchema } from '../model/run-record.ts';

const ruleText = z.strictObject({ file: z.string(), text: z.string(), bundled: z.boolean() });

const evidenceFileSchema = z.strictObject({
  evidenceVersion: z.literal(evidenceVersion),
  run: runRecordSchema.shape.run,
  rules: z.array(ruleText),
  /** Case ids, which are the names of their folders. */
  cases: z.array(z.string()),
});
export type EvidenceFile = z.infer<typeof evidenceFileSchema>;

export interface RecordedEvidence {
  evidence: CaseEvidence;
  events: EcsEvent[];
}

/** Case ids as they are made (`at-stdin@debian12+at-allow`): nothing that leads out of the folder. */
const caseName = /^[a-z0-9][a-z0-9@+._-]*$/i;

/** The folder of one case, made when it is not there. */
export async function caseFolder(run: string, id: string): Promise<string> {
  if (!caseName.test(id)) throw damaged(run, `it has a case named ${JSON.stringify(id)}`);
  const folder = join(run, 'cases', id);
  await mkdir(join(folder, 'raw'), { recursive: true });
  return folder;
}

export async function writeCase(run: string, { evidence, events }: RecordedEvidence): Promise<void> {
  const folder = await caseFolder(run, evidence.id);
  await writeWhole(join(folder, 'events.ndjson'), ndjson(events));
  await writeWhole(join(folder, 'transcript.txt'), transcript(evidence));
  await writeWhole(join(folder, 'case.json'), `${JSON.stringify(evidence, null, 2)}\n`);
}

export async function writeEvidenceFile(run: string, file: EvidenceFile): Promise<void> {
  await mkdir(run, { recursive: true });
  await writeWhole(join(run, 'evidence.json'), `${JSON.stringify(file, null, 2)}\n`);
}

/**
 * Reads what a run recorded.
 * @throws AtomclockError `evidence/missing`, `evidence/damaged`, `evidence/newer-version`
 */
export async function readEvidenceFile(run: string): Promise<EvidenceFile> {
  const file = join(run, 'evidence.json');
  const value = await readJson(file);
  refuseNewer(file, value);
  const parsed = evidenceFileSchema.safeParse(value);
  if (!parsed.success) throw damaged(file, z.prettifyError(parsed.error));
  const known = new Set(await readdir(join(run, 'cases')).catch(() => []));
  for (const id of parsed.data.cases) {
    if (!caseName.test(id)) throw damaged(file, `it names a case ${JSON.stringify(id)}`);
    if (!known.has(id)) throw damaged(file, `it names the case ${id}, and cases/${id} is not there`);
  }
  return parsed.data;
}

/** Reads one case that `readEvidenceFile` named. */
export async function readCase(run: string, id: string): Promise<RecordedEvidence> {
  const folder = join(run, 'cases', id);
  const value = await readJson(join(folder, 'case.json'));
  refuseNewer(join(folder, 'case.json'), value);
  const parsed = caseEvidenceSchema.safeParse(value);
  if (!parsed.success) throw damaged(join(folder, 'case.json'), z.prettifyError(parsed.error));
  const evidence = parsed.data;
  if (evidence.id !== id) throw damaged(join(folder, 'case.json'), `it is the case ${evidence.id}`);
  return { evidence, events: await readEvents(join(folder, 'events.ndjson')) };
}

async function readEvents(file: string): Promise<EcsEvent[]> {
  const events: EcsEvent[] = [];
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line === '') continue;
    try {
      events.push(JSON.parse(line) as EcsEvent);
    } catch (cause) {
      throw damaged(`${file}:${number}`, 'the line is not JSON', cause);
    }
  }
  return events;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new AtomclockError('evidence/missing', `expected ${file}`, {
      exitCode: exitCodes.badInput,
      hint: 'Give the folder that atomclock run left (runs/<id>), or a file of events.',
      cause,
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(file, 'it is not JSON', cause);
  }
}

function refuseNewer(file: string, value: unknown): void {
  const version = (value as { evidenceVersion?: unknown } | null)?.evidenceVersion;
  if (typeof version !== 'number' || version <= evidenceVersion) return;
  throw new AtomclockError(
    'evidence/newer-version',
    `${file} has evidenceVersion ${version}, and this atomclock reads up to ${evidenceVersion}`,
    { exitCode: exitCodes.badInput, hint: 'Use the atomclock that recorded it, or a newer one.' },
  );
}

const damaged = (file: string, why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('evidence/damaged', `${file} cannot be read as evidence: ${why}`, {
    exitCode: exitCodes.badInput,
    cause,
  });

function* ndjson(events: readonly EcsEvent[]): Generator<string> {
  for (const event of events) yield `${JSON.stringify(event)}\n`;
}

/** The steps as a person would have seen them. */
const transcript = ({ id, steps }: CaseEvidence): string =>
  [
    `# ${id}`,
    ...steps.map(({ role, user, command, stdout, stderr, exitCode, startedAt, ms }) =>
      [
        `\n## ${role} as ${user} at ${startedAt}, ${Math.round(ms)} ms, exit ${exitCode ?? 'none (time limit)'}`,
        command.trimEnd().replace(/^/gm, '$ '),
        ...(stdout ? [stdout.trimEnd()] : []),
        ...(stderr ? [stderr.trimEnd().replace(/^/gm, '! ')] : []),
      ].join('\n'),
    ),
    '',
  ].join('\n');

/** Whole or not at all: a killed run leaves no half file that looks like evidence. */
async function writeWhole(file: string, content: string | Iterable<string>): Promise<void> {
  await writeFile(`${file}.part`, content);
  await rename(`${file}.part`, file);
}
