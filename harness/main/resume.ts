// An interrupted run taken up again: what it was asked for, and which of its cases need not run once more.

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { placeOfCase, type RecordedEvidence, readCase } from '../content/evidence-folder.ts';
import { holdAgainst, parseJson } from '../content/json-text.ts';
import { makeFolder } from '../content/make-folder.ts';
import { mostCombinations } from '../engine/run/pairs.ts';
import type { PlannedCase } from '../engine/run/plan.ts';
import { parseMitigations } from '../model/case-key.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import { isMitigationFile, type RunRequest } from './request.ts';
import { requestFile } from './run-folder.ts';
import { writing } from './writing.ts';

const texts = z.array(z.string());

/** What decides which cases a run has and how they are judged; what further requests say is kept as it is. */
const selectionSchema = z.looseObject({
  selectors: texts,
  targets: texts,
  mitigations: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['declared', 'none', 'all']) }),
    z.strictObject({ kind: z.literal('named'), names: texts }),
  ]),
  atomics: texts,
  rules: texts,
  placeholders: z.record(z.string(), texts),
  placeholderFiles: texts,
  expect: texts,
  given: z.record(z.string(), z.string()),
  user: z.string().exactOptional(),
  getPrereqs: z.boolean(),
  variants: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['none', 'all']) }),
    z.strictObject({ kind: z.literal('pairs'), most: z.int().default(mostCombinations) }),
    z.strictObject({ kind: z.literal('axes'), names: texts }),
  ]),
  sensors: texts,
  clock: z.enum(['fast', 'real']),
  shard: z.strictObject({ index: z.int(), count: z.int() }).nullable(),
});
type Selection = z.infer<typeof selectionSchema>;

/** request.json in a run's folder, written before the first case. */
const begunRunSchema = z.strictObject({
  id: z.string(),
  startedAt: z.string(),
  planned: texts,
  selection: selectionSchema,
});
export type BegunRun = z.infer<typeof begunRunSchema>;

/**
 * Reads what a run in a folder was asked for.
 * @throws AtomclockError `resume/nothing` where there is no run that can be taken up, `resume/damaged`
 */
export async function readBegunRun(folder: string): Promise<BegunRun> {
  const file = join(folder, requestFile);
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new AtomclockError('resume/nothing', `no run in ${folder} can be taken up: ${cause.message}`, {
      exitCode: exitCodes.badInput,
      hint: 'Name the folder of an interrupted run (runs/<id>), or begin a new one without --resume.',
      cause,
    });
  });
  const parsed = parseJson(text);
  const checked = 'fault' in parsed ? parsed : holdAgainst(begunRunSchema, parsed.value, text);
  if ('value' in checked) return checked.value;
  throw new AtomclockError('resume/damaged', `${file}: ${checked.fault.message}`, {
    exitCode: exitCodes.badInput,
    hint: 'Begin a new run.',
  });
}

/** Writes request.json, whole or not at all. @throws AtomclockError `output/unwritable` */
export const writeBegunRun = (folder: string, begun: BegunRun): Promise<void> =>
  writing(folder, async () => {
    const file = join(folder, requestFile);
    makeFolder(folder);
    await writeFile(`${file}.part`, `${JSON.stringify(begun, null, 2)}\n`);
    await rename(`${file}.part`, file);
  });

/** What of a request decides over the cases; paths hold wherever the run is taken up. */
export function selectionOf(request: RunRequest): Selection {
  const chosen = Object.entries(request).filter(([name]) => !ofToday.has(name));
  const absolute = (paths: readonly string[]) => paths.map((path) => resolve(path));
  const { mitigations } = request;
  const place = (name: string) => (isMitigationFile(name) ? resolve(name) : name);
  const placed = (composition: string) => parseMitigations(composition).map(place).join('+');
  return selectionSchema.parse({
    ...structuredClone(Object.fromEntries(chosen)),
    mitigations:
      mitigations.kind === 'named'
        ? { ...mitigations, names: mitigations.names.map(placed) }
        : { ...mitigations },
    atomics: absolute(request.atomics),
    rules: absolute(request.rules),
    placeholderFiles: absolute(request.placeholderFiles),
    expect: absolute(request.expect ?? []),
    ...(request.durations !== undefined && { durations: resolve(request.durations) }),
  });
}

/** What may be otherwise when a run is taken up. */
const ofToday: ReadonlySet<string> = new Set([
  ...['jobs', 'out', 'resume', 'reports', 'requirements', 'quiet', 'watch', 'live', 'bail', 'repeat'],
]);

/**
 * The request of a run that is taken up: as it was, with the number of cases at a time and reports of today.
 * @throws AtomclockError `resume/other-run` where more is named and it is not the same
 */
export function resumedRequest(request: RunRequest, begun: BegunRun, folder: string): RunRequest {
  const asked = selectionOf(request);
  const differing = [...Object.keys(nothingAsked), 'user'].filter(
    (name) =>
      !isDeepStrictEqual(asked[name], nothingAsked[name]) &&
      !isDeepStrictEqual(asked[name], begun.selection[name]),
  );
  if (differing.length === 0)
    return { ...request, ...begun.selection, sensors: begun.selection.sensors as RunRequest['sensors'] };
  throw new AtomclockError('resume/other-run', `${folder} is a run with other ${differing.join(', ')}`, {
    exitCode: exitCodes.badInput,
    hint: 'Name nothing beside --resume but --jobs and --report: the rest is as it was.',
  });
}

const nothingAsked: Selection = {
  selectors: [],
  targets: [],
  mitigations: { kind: 'declared' },
  atomics: [],
  rules: [],
  placeholders: {},
  placeholderFiles: [],
  expect: [],
  given: {},
  getPrereqs: false,
  variants: { kind: 'none' },
  sensors: [],
  clock: 'fast',
  shard: null,
};

/** @throws AtomclockError `resume/changed` where today's content makes other cases than the run began with */
export function refuseOtherPlan(begun: BegunRun, planned: readonly PlannedCase[]): void {
  const today = planned.map(({ id }) => id);
  if (isDeepStrictEqual(today, begun.planned)) return;
  const added = today.filter((id) => !begun.planned.includes(id));
  const gone = begun.planned.filter((id) => !today.includes(id));
  const what = [...added.map((id) => `+ ${id}`), ...gone.map((id) => `- ${id}`)].slice(0, 6).join(', ');
  throw new AtomclockError(
    'resume/changed',
    `the content has changed since the run began: ${what || 'its order'}`,
    {
      exitCode: exitCodes.badInput,
      hint: 'Begin a new run.',
    },
  );
}

/**
 * A case that the run has already: whole, of the same content, and without a fault of the lab.
 * @returns null where it is to be run; what was left of it is removed then
 */
export async function keptCase(folder: string, planned: PlannedCase): Promise<RecordedEvidence | null> {
  const read = await readCase(folder, placeOfCase(planned.id)).catch((error: unknown) => {
    if (error instanceof AtomclockError) return null;
    throw error;
  });
  if (read && read.evidence.faults.length === 0 && isOf(read, planned)) return read;
  await writing(folder, () => rm(join(folder, 'cases', planned.id), { recursive: true, force: true }));
  return null;
}

function isOf({ evidence }: RecordedEvidence, planned: PlannedCase): boolean {
  if (evidence.kind === 'idle' || planned.kind === 'idle') return evidence.kind === planned.kind;
  const { atomic, expectation, mitigations, user } = planned;
  const asWritten = JSON.parse(JSON.stringify({ atomic, expectation, mitigations, user }));
  const recorded = {
    atomic: evidence.atomic,
    expectation: evidence.expectation,
    mitigations: evidence.mitigations,
    user: evidence.user,
  };
  return isDeepStrictEqual(recorded, asWritten);
}
