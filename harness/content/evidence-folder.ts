// A run's folder: evidence that can be kept, shipped and judged again.
//
//   evidence.json            version, facts of the run, texts of the rules it was judged by, its cases in order
//   cases/<case>/case.json   what the harness did and found, without opinion
//   cases/<case>/events.ndjson, raw/<sensor>.ndjson, transcript.txt
//   cases/<case>/trace.json  what reports show of it beyond the record (written by whoever judges)
//   run.json                 the RunRecord (written by whoever judges)

import { constants } from 'node:fs';
import { cp, readdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { idBeforeMerge, isIdleId } from '../model/case-key.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { EcsEvent } from '../model/event.ts';
import { eventSchema } from '../model/event-schema.ts';
import type { CaseEvidence, EvidenceFile } from '../model/evidence.ts';
import { formatPlace } from '../model/place.ts';
import { sourceOf } from '../model/source.ts';
import { evidenceFileReading, savedCaseReading } from '../model/versions/evidence.ts';
import type { Reading } from '../model/versions/reading.ts';
import { linesOf } from './event-file-lines.ts';
import { holdAgainst, type JsonResult, offsetOf, parseJson } from './json-text.ts';
import { makeFolder } from './make-folder.ts';

export interface RecordedEvidence {
  evidence: CaseEvidence;
  events: EcsEvent[];
}

/** Case ids as they are made (`cron-d-drop~writer=tee@debian12+at-allow`): nothing that leads out of the folder. */
const caseName = /^[a-z0-9][a-z0-9@+._~=-]*$/i;

/** Where a case lies in its run's evidence. */
export type CasePlace = EvidenceFile['cases'][number];

/** Where a run keeps a case of its own. */
export const placeOfCase = (id: string): CasePlace => ({ id, folder: id });

/** The folder of one case, made when it is not there. */
export async function caseFolder(run: string, name: string): Promise<string> {
  if (!caseName.test(name)) throw damaged(run, `it has a case named ${JSON.stringify(name)}`);
  const folder = join(run, 'cases', name);
  makeFolder(join(folder, 'raw'));
  return folder;
}

export async function writeCase(run: string, { evidence, events }: RecordedEvidence): Promise<void> {
  const folder = await caseFolder(run, evidence.id);
  await writeWhole(join(folder, 'events.ndjson'), ndjson(events));
  await writeWhole(join(folder, 'transcript.txt'), transcript(evidence));
  const counted = { ...evidence, eventCount: events.length };
  await writeWhole(join(folder, 'case.json'), `${JSON.stringify(counted, null, 2)}\n`);
}

export async function writeEvidenceFile(run: string, file: EvidenceFile): Promise<void> {
  makeFolder(run);
  await writeWhole(join(run, 'evidence.json'), `${JSON.stringify(file, null, 2)}\n`);
}

/**
 * Reads what a run recorded.
 * @throws AtomclockError `evidence/missing`, `evidence/damaged` with file and line, `evidence/newer-version`
 */
export async function readEvidenceFile(run: string): Promise<EvidenceFile> {
  const file = join(run, 'evidence.json');
  const { text, value } = await readJson(run, file);
  const schema = schemaOf(file, evidenceFileReading(value));
  const evidence = shaped(file, text, holdAgainst(schema, value, text));
  const known = new Set(await readdir(join(run, 'cases')).catch(() => []));
  const named = new Set<string>();
  for (const [index, { id, folder }] of evidence.cases.entries()) {
    const report = (why: string) => damagedAt(file, text, offsetOf(text, ['cases', index]), why);
    const odd = [id, folder].find((name) => !caseName.test(name));
    if (odd !== undefined) throw report(`it names a case ${JSON.stringify(odd)}`);
    if (named.has(folder) || (named.has(id) && !isIdleId(id))) throw report(`it names the case ${id} twice`);
    if (!known.has(folder)) throw report(`it names the case ${id}, and cases/${folder} is not there`);
    named.add(folder);
    named.add(id);
  }
  return evidence;
}

/** Copies a case of one run, with all that lies beside it, into a folder of another's. */
export async function copyCase(from: string, folder: string, run: string, name: string): Promise<void> {
  const target = await caseFolder(run, name);
  await cp(join(from, 'cases', folder), target, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** Whether a path is the folder of a run that has its evidence. */
export const hasEvidence = (run: string): Promise<boolean> =>
  stat(join(run, 'evidence.json')).then(
    (found) => found.isFile(),
    () => false,
  );

/** Folders of cases that the run does not name: what an older run in the same folder left. */
export async function strayCases(run: string, { cases }: EvidenceFile): Promise<string[]> {
  const named = new Set(cases.map(({ folder }) => folder));
  return (await readdir(join(run, 'cases')).catch(() => [])).filter((name) => !named.has(name)).sort();
}

/**
 * Reads one case that `readEvidenceFile` named. Damage of its events is a fault of the case: it is errored, and what
 * can be read of them is there.
 * @throws AtomclockError `evidence/missing`, `evidence/damaged`, `evidence/newer-version`: nothing is known of the case
 */
export async function readCase(run: string, { id, folder: name }: CasePlace): Promise<RecordedEvidence> {
  const folder = join(run, 'cases', name);
  const file = join(folder, 'case.json');
  const { text, value } = await readJson(run, file);
  const schema = schemaOf(file, savedCaseReading(value));
  const { eventCount, ...evidence } = shaped(file, text, holdAgainst(schema, value, text));
  if (evidence.id !== idBeforeMerge(id)) {
    throw damagedAt(file, text, offsetOf(text, ['id']), `it is the case ${evidence.id}`);
  }
  evidence.id = id;
  const { events, damage } = await readEvents(run, join(folder, 'events.ndjson'), eventCount);
  // Where nothing else tells how many events there were, the sensors do.
  const counted = Object.values(evidence.telemetry.perSensor).reduce((sum, each) => sum + each.events, 0);
  if (damage === undefined && events.length === 0 && counted > 0) {
    const why = `it is empty, and ${counted} events were recorded`;
    return withDamage(evidence, events, damaged(`${join(folder, 'events.ndjson')}:1`, why));
  }
  return damage === undefined ? { evidence, events } : withDamage(evidence, events, damage);
}

/** A case of which nothing can be concluded. */
const withDamage = (
  evidence: CaseEvidence,
  events: EcsEvent[],
  { message }: AtomclockError,
): RecordedEvidence => ({
  evidence: { ...evidence, faults: [...evidence.faults, { code: 'evidence/damaged', message }] },
  events,
});

/** The events as far as they are sound, and the first damage. */
async function readEvents(
  run: string,
  file: string,
  expected: number | undefined,
): Promise<{ events: EcsEvent[]; damage?: AtomclockError }> {
  const events: EcsEvent[] = [];
  const ids = new Map<string, number>();
  let last = 0;
  let end = 1;
  try {
    await refuseOddFile(run, file);
    for await (const lines of linesOf(file, () => {})) {
      for (const { number, text } of lines) {
        const event = eventOf(file, number, text);
        const { id, sequence = 0 } = event.event;
        const earlier = ids.get(id);
        if (earlier !== undefined)
          throw damaged(`${file}:${number}`, `line ${earlier} has the event ${id} already`);
        ids.set(id, number);
        last = Math.max(last, sequence);
        end = number;
        events.push(event);
      }
    }
    const wanted = expected ?? last;
    if (events.length < wanted) {
      throw damaged(`${file}:${end}`, `it ends after ${events.length} events, and ${wanted} were recorded`);
    }
    return { events };
  } catch (error) {
    if (!(error instanceof AtomclockError)) throw error;
    const isOurs = error.code.startsWith('evidence/');
    return { events, damage: isOurs ? error : damaged(file, error.message, error.cause) };
  }
}

function eventOf(file: string, line: number, text: string): EcsEvent {
  const parsed = parseJson(text);
  const checked = 'fault' in parsed ? parsed : holdAgainst(eventSchema, parsed.value, text);
  if ('fault' in checked) {
    const { offset, message } = checked.fault;
    throw damaged(`${file}:${line}:${offset + 1}`, message);
  }
  // Not the checked copy: a rule may look at anything that was written.
  return (parsed as { value: EcsEvent }).value;
}

/** A JSON file of whatever version. */
async function readJson(run: string, file: string): Promise<{ text: string; value: unknown }> {
  await refuseOddFile(run, file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw damaged(file, (cause as Error).message, cause);
  }
  return { text, value: shaped(file, text, parseJson(text)) };
}

/** What is missing, what is no file (a pipe would wait for a writer for ever), and what lies outside of the run. */
async function refuseOddFile(run: string, file: string): Promise<void> {
  let target: string;
  try {
    target = await realpath(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw damaged(file, (cause as Error).message, cause);
    throw new AtomclockError('evidence/missing', `expected ${file}`, {
      exitCode: exitCodes.badInput,
      hint: 'Give the folder that atomclock run left (runs/<id>), or a file of events.',
      cause,
    });
  }
  if (!target.startsWith(join(await realpath(run), '/'))) throw damaged(file, `a link leads out of ${run}`);
  if (!(await stat(target)).isFile()) throw damaged(file, 'expected a regular file');
}

function shaped<T>(file: string, text: string, result: JsonResult<T>): T {
  if ('value' in result) return result.value;
  throw damagedAt(file, text, result.fault.offset, result.fault.message);
}

/** By the version that the value names; what is newer is refused by name before anything else is said about it. */
function schemaOf<T>(file: string, reading: Reading<T>) {
  if ('schema' in reading) return reading.schema;
  throw new AtomclockError(
    'evidence/newer-version',
    `${file} has evidenceVersion ${reading.newer}, and this atomclock reads up to ${reading.newest}`,
    { exitCode: exitCodes.badInput, hint: 'Use the atomclock that recorded it, or a newer one.' },
  );
}

const damagedAt = (file: string, text: string, offset: number, why: string): AtomclockError =>
  damaged(formatPlace(sourceOf(file, text).place(offset)), why);

const damaged = (place: string, why: string, cause?: unknown): AtomclockError =>
  new AtomclockError('evidence/damaged', `${place} cannot be read as evidence: ${why}`, {
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
