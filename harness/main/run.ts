// The main job: a lab is set up, the planned cases run in it, their evidence is kept and judged.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type RecordedEvidence, readEvidenceFile } from '../content/evidence-folder.ts';
import { abandonRun, removeRun } from '../docker/container/remove-run.ts';
import { sweep } from '../docker/container/sweep.ts';
import { buildImages } from '../docker/doctor/checks/images.ts';
import { connect } from '../docker/host/connection.ts';
import { isEngineLoss } from '../docker/host/engine-loss.ts';
import { type EngineWatch, rejectedBy, watchEngine } from '../docker/host/engine-watch.ts';
import { ensureImage, targetImage } from '../docker/image/images.ts';
import { judgeCase } from '../engine/judge/judge-case.ts';
import type { JudgedCase } from '../engine/judge/judged-case.ts';
import { liveRuleSets } from '../engine/live/live-rules.ts';
import type { PlannedCase } from '../engine/run/plan.ts';
import { inPool } from '../engine/run/pool.ts';
import { formatMitigations } from '../model/case-key.ts';
import { AtomclockError } from '../model/errors.ts';
import type { OnRunEvent, OnRunFact, RunFact } from '../model/run-event.ts';
import type { RunRecord } from '../model/run-record.ts';
import { nameOf } from '../telemetry/registry.ts';
import { chooseJobs } from './choose-jobs.ts';
import { chooseTargets } from './choose-targets.ts';
import { wantedImages } from './doctor.ts';
import { untilGivenUp } from './give-up.ts';
import { matchedFacts } from './judged-facts.ts';
import { type BuiltTarget, type RunningLab, runLabCase, skipLabCase } from './lab-case.ts';
import { loadForRun } from './load-content.ts';
import { loadForShell } from './load-shell.ts';
import { ProgressFile } from './progress-file.ts';
import { RawRecorder } from './raw-recorder.ts';
import type { RunRequest } from './request.ts';
import {
  type BegunRun,
  keptCase,
  readBegunRun,
  refuseOtherPlan,
  resumedRequest,
  selectionOf,
  writeBegunRun,
} from './resume.ts';
import { durationsOf } from './run-file.ts';
import { claimForResume, claimForRun } from './run-folder.ts';
import { type EndedCases, RunLedger } from './run-ledger.ts';
import { chosenSensors } from './sensors.ts';
import { recorderDescriptor, startSensors } from './start-sensors.ts';
import { traceKeyFor } from './trace-key.ts';
import { stamped, type World } from './world.ts';

/** A run's record, and the folder in which it is kept. */
export interface LabRun {
  readonly record: RunRecord;
  readonly folder: string;
  /** Some of the content named could not be used, and was said as a problem. */
  readonly hasErrors: boolean;
  /** The engine went away in the middle: its cases that had not ended are errored, and say so. */
  readonly loss: AtomclockError | null;
}

/**
 * Runs the selected cases in containers, keeps their evidence and judges it.
 * @throws ContentError; AtomclockError `run/nothing-selected`, `lab/…`, `output/unwritable`; the signal's reason when
 *   interrupted: the evidence of the cases that had ended is kept all the same
 */
export async function run(request: RunRequest, world: World, onEvent: OnRunEvent): Promise<LabRun> {
  await using progress = new ProgressFile();
  const say = stamped((event) => {
    if (event.kind !== 'event') progress.add(event);
    onEvent(event);
  });
  const { resume = null } = request;
  const begun = resume === null ? null : await readBegunRun(resume);
  const asked = resume && begun ? resumedRequest(request, begun, resume) : request;
  const earlier = resume && begun ? await takenUp(begun, resume) : null;
  const chosen = chooseRun(asked, earlier, await durationsOf(asked), say);
  if (begun) refuseOtherPlan(begun, chosen.planned);
  return await runChosen(chosen, { world, say, progress });
}

/** A run that has some of its cases already. */
export interface EarlierRun {
  readonly id: string;
  readonly startedAt: string;
  /** How long nothing of it went on until now. */
  readonly pausedMs: number;
  /** Whether it was to do something else than is planned now. */
  readonly isEdited: boolean;
  /** What it has of a case; null where that is to be run, and nothing is left of it. */
  kept(planned: PlannedCase): Promise<RecordedEvidence | null>;
}

const takenUp = async ({ id, startedAt }: BegunRun, folder: string): Promise<EarlierRun> => ({
  ...{ id, startedAt, isEdited: false },
  pausedMs: await pauseOf(folder),
  kept: (planned) => keptCase(folder, planned),
});

/** Since it was interrupted. One that was killed has not written when: nothing is known of its pause. */
async function pauseOf(folder: string): Promise<number> {
  const file = await readEvidenceFile(folder).catch(() => null);
  return file === null ? 0 : pausedUntilNow(file.run);
}

/** How long nothing of a run went on, where it goes on now. */
export const pausedUntilNow = ({ pausedMs = 0, finishedAt }: RunRecord['run']): number =>
  pausedMs + Math.max(0, Date.now() - Date.parse(finishedAt));

/** Who runs something, and who hears of it. */
interface Running {
  readonly world: World;
  readonly say: OnRunFact;
  /** No further case is begun once this is aborted; what has ended by then is recorded. */
  readonly enough?: AbortSignal;
}

/** Runs what is planned and not there yet. @param progress closed by this @throws as `run` */
export async function runChosen(
  chosen: ChosenRun,
  { progress, ...running }: Running & { readonly progress: ProgressFile },
): Promise<LabRun> {
  const { world, say } = running;
  const interrupted = rejectedBy(world.signal);
  interrupted.catch(() => {});
  await using engine = await Promise.race([connect().then(watchEngine), interrupted]);
  try {
    const prepared = await Promise.race([prepare(chosen, say), interrupted]);
    progress.openIn(prepared.folder);
    const ended = await runPrepared(prepared, engine, running);
    await progress.close();
    return ended;
  } catch (error) {
    throw world.signal.aborted ? error : await engine.reasonOf(error);
  }
}

async function runPrepared(
  run: PreparedRun,
  engine: EngineWatch,
  { world, say, enough }: Running,
): Promise<LabRun> {
  const { id, planned, folder, hasErrors } = run;
  const ledger = new RunLedger(run, say);
  const { ended } = ledger;
  const bail = new AbortController();
  const add = (judged: JudgedCase) => {
    for (const { verdict } of ledger.add(judged))
      if (run.bails && (verdict === 'fail' || verdict === 'error')) bail.abort();
  };
  const recorded = async (loss: AtomclockError | null): Promise<LabRun> => ({
    record: await ledger.finish(),
    folder,
    hasErrors,
    loss,
  });
  const missing = await missingOf(run, add, say, world.signal);
  const noMore = AbortSignal.any([bail.signal, ...(enough ? [enough] : [])]);
  const failure = await untilGivenUp(
    runCases({ ...run, planned: missing }, add, engine, noMore, world, say),
    engine,
    world.signal,
  ).then(
    () => null,
    (error: unknown) => (noMore.aborted && error === noMore.reason ? null : { error }),
  );
  if (failure) abandonRun(id);
  if (failure && world.signal.aborted) {
    if (ended.size > 0) {
      await ledger.keepEvidence();
      const message = `${ended.size} of ${planned.length} cases are kept: atomclock replay ${folder} judges them, atomclock run --resume ${folder} runs the others`;
      say({ kind: 'note', message });
    }
    throw failure.error;
  }
  // Asked when nothing failed, too: what was to be removed last may be there still.
  const reason = await engine.reasonOf(failure?.error);
  if (isEngineLoss(reason)) {
    abandonRun(id);
    for (const one of planned) {
      if (!ended.has(one.id)) await skipLabCase(one, reason, { ...run, add });
    }
    return recorded(lossOfRun(reason, ended));
  }
  if (failure) throw failure.error;
  if (bail.signal.aborted && ended.size < planned.length) {
    const message = `--bail: ${planned.length - ended.size} of ${planned.length} cases were not begun; atomclock run --resume ${folder} runs them`;
    say({ kind: 'note', message });
  }
  return recorded(null);
}

/** The cases that are to be run: of a run that is taken up, those that it does not have; the others are judged. */
async function missingOf(
  { planned, folder, book, earlier }: PreparedRun,
  add: (judged: JudgedCase) => void,
  say: OnRunFact,
  signal: AbortSignal,
): Promise<PlannedCase[]> {
  if (earlier === null) return planned;
  const missing: PlannedCase[] = [];
  for (const one of planned) {
    signal.throwIfAborted();
    const kept = await earlier.kept(one);
    if (kept === null) missing.push(one);
    else {
      const judged = judgeCase(kept.evidence, kept.events, book);
      matchedFacts(judged).forEach(say);
      add(judged);
    }
  }
  if (earlier.isEdited) return missing;
  const message = `${folder} has ${planned.length - missing.length} of its ${planned.length} cases: the others are run`;
  say({ kind: 'note', message });
  return missing;
}

/** The loss as the run's end: how much it concerns, and what comes next. */
function lossOfRun({ code, message, exitCode, hint, cause }: AtomclockError, cases: EndedCases) {
  const unhurt = [...cases.values()].filter((faults) => !faults.includes(code));
  return new AtomclockError(code, `${message}; ${unhurt.length} of ${cases.size} cases had ended`, {
    exitCode,
    hint: `${hint}; the next run removes the containers that this one left`,
    cause,
  });
}

export type ChosenRun = ReturnType<typeof chooseRun>;
type PreparedRun = Awaited<ReturnType<typeof prepare>>;

/** What needs no engine, and goes wrong first: content, targets. */
export function chooseRun(
  request: RunRequest,
  earlier: EarlierRun | null,
  durations: ReadonlyMap<string, number> | null,
  say: OnRunFact,
) {
  const startedAt = earlier?.startedAt ?? new Date().toISOString();
  const stamp = startedAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const id = earlier?.id ?? `${stamp}-${randomBytes(2).toString('hex')}`;
  const folder = request.resume ?? request.out ?? join('runs', id);
  const definitions = chooseTargets(request.targets);
  const { terminal } = request;
  const content = terminal
    ? loadForShell({ ...request, terminal }, definitions, say)
    : loadForRun(request, definitions, say, durations);
  const selection = selectionOf(request);
  const sensorNames = chosenSensors(request.sensors);
  const { clock, shard, jobs, getPrereqs: getsPrereqs, live: isLive = false, bail: bails = false } = request;
  return {
    id,
    startedAt,
    pausedMs: earlier?.pausedMs ?? 0,
    folder,
    earlier,
    isLive,
    bails,
    selection,
    definitions,
    sensorNames,
    clock,
    getsPrereqs,
    shard,
    jobs,
    ...content,
    traceKey: traceKeyFor(content.ruleTexts, content.placeholders),
  };
}

/** What can go wrong before the first container goes wrong here: engine, folder, images. */
async function prepare({ definitions, jobs, ...chosen }: ChosenRun, say: OnRunFact) {
  const note = (message: string) => say({ kind: 'note', message });
  const { facts } = await connect();
  const { id, startedAt, folder, earlier, selection, planned } = chosen;
  await (earlier ? claimForResume(folder) : claimForRun(folder));
  if (earlier?.isEdited ?? true)
    await writeBegunRun(folder, { id, startedAt, planned: planned.map((one) => one.id), selection });
  for (const removed of await sweep()) note(`removed ${removed}, left behind by a run that died`);
  // Side by side, and the sensors' with them; whoever asks for one of them then finds it.
  const recorder = needsRecorder(planned) ? recorderDescriptor() : undefined;
  const containers = [...chosen.sensorNames, ...(recorder ? [nameOf(recorder)] : [])];
  await buildImages(wantedImages([...definitions.keys()], containers), note);
  const targets = new Map<string, BuiltTarget>();
  for (const [name, definition] of definitions) {
    if (!definition.verified)
      note(
        `${name} is not verified: nobody has run this set on it yet, so that its expectations may be wrong`,
      );
    const image = await ensureImage(targetImage(definition), note);
    const { profile, pair } = definition;
    targets.set(name, { image, profile, ...(pair && { pair }) });
  }
  const host = { kernel: facts.kernel, docker: facts.version, cpus: facts.cpus, memory: facts.memoryBytes };
  return { ...chosen, targets, limits: chooseJobs(jobs, facts, definitions.values(), note), host };
}

/** Whether mitigations of the run put something on record. */
const needsRecorder = (planned: readonly PlannedCase[]): boolean =>
  planned.some((one) => one.kind !== 'idle' && one.skipped === null && one.auditKeys !== undefined);

/** Runs all cases; what was started is gone when this ends. */
async function runCases(
  run: PreparedRun,
  add: RunningLab['add'],
  engine: EngineWatch,
  bailed: AbortSignal,
  { signal, env, beforePhase, terminal }: World,
  say: OnRunFact,
): Promise<void> {
  const { id, planned, folder, sensorNames, clock, limits, isLive } = run;
  if (planned.length === 0) return;
  const gone = rejectedBy(engine.gone);
  // Whoever waits is told; a run that has ended does not want to know.
  gone.catch(() => {});
  // Makes the running cases end at once; what it could not remove, the end of this function tries again and tells.
  const stopLab = () => void removeRun(id).catch(() => {});
  signal.addEventListener('abort', stopLab, { once: true });
  try {
    const recorder = new RawRecorder();
    await using running = await startSensors(sensorNames, {
      run: id,
      recorder,
      records: needsRecorder(planned),
      note: (message) => say({ kind: 'note', message }),
      env,
    });
    const lab: RunningLab = {
      ...run,
      ...stepLimit(env),
      add,
      sensors: running.sensors,
      snapshots: running.snapshots,
      audit: running.recorder,
      recorder,
      engine,
      gone,
      signal,
      say,
      ...(isLive && { live: liveRuleSets(run.book.rules) }),
      ...(beforePhase && { beforePhase }),
      ...(terminal && { terminal }),
    };
    const cases = planned.length;
    say({ kind: 'run-started', run: id, folder, sensors: sensorNames, clock, cases });
    planned.map(plannedFact).forEach(say);
    await inPool(planned, limits, AbortSignal.any([signal, engine.gone, bailed]), (one, aside) =>
      runLabCase(one, lab, aside),
    );
  } finally {
    signal.removeEventListener('abort', stopLab);
    if (signal.aborted) {
      await removeRun(id).catch(({ message }: Error) => {
        say({ kind: 'note', message: `${message}; the next run removes what is left of this one` });
      });
    }
  }
}

/** A setting for those who develop the harness: in seconds. */
function stepLimit({ ATOMCLOCK_STEP_LIMIT_S: seconds }: World['env']): Pick<RunningLab, 'stepLimitMs'> {
  return seconds !== undefined && /^\d{1,5}$/.test(seconds) ? { stepLimitMs: Number(seconds) * 1000 } : {};
}

function plannedFact(planned: PlannedCase): RunFact {
  const { id, target } = planned;
  const shared = { kind: 'case-planned', case: id, target } as const;
  if (planned.kind === 'idle')
    return {
      ...shared,
      of: 'idle',
      title: 'nothing is done',
      technique: null,
      user: 'root',
      mitigation: null,
    };
  const { kind: of, atomic, user, key } = planned;
  const mitigation = formatMitigations(key.mitigations);
  return { ...shared, of, title: atomic.name, technique: atomic.technique, user, mitigation };
}
