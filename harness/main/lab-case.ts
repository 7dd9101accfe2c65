// One case in the lab: run in a container of its own, kept as evidence, judged.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { caseFolder, writeCase } from '../content/evidence-folder.ts';
import { startTarget } from '../docker/container/target.ts';
import type { EngineWatch } from '../docker/host/engine-watch.ts';
import { judgeCase } from '../engine/judge/judge-case.ts';
import type { JudgedCase } from '../engine/judge/judged-case.ts';
import type { RuleBook } from '../engine/judge/rule-book.ts';
import type { LiveRuleSets } from '../engine/live/live-rules.ts';
import type { Lab, LiveSensor, SnapshotSensor, TargetRequest, TerminalUser } from '../engine/ports.ts';
import type { PlannedCase } from '../engine/run/plan.ts';
import type { Aside } from '../engine/run/pool.ts';
import { type CaseWorld, caseNotRun, type RecordedCase, runCase } from '../engine/run/run-case.ts';
import { untilAborted } from '../engine/run/until-aborted.ts';
import type { AtomclockError } from '../model/errors.ts';
import type { OnRunFact } from '../model/run-event.ts';
import { type Pair, type PrivilegeProfile, profileUnder } from '../model/target.ts';
import { takeInventory } from '../telemetry/inventory/index.ts';
import { SaidMatches } from './judged-facts.ts';
import { keepTrace } from './keep-trace.ts';
import { RawFolder, type RawRecorder } from './raw-recorder.ts';
import type { TraceKey } from './trace-key.ts';
import { writing } from './writing.ts';

/** A target as it can be booted. */
export interface BuiltTarget {
  image: string;
  profile: PrivilegeProfile;
  pair?: Pair;
}

/** What the cases of a run have in common. */
export interface RunningLab {
  /** Run id, for the labels of containers. */
  id: string;
  /** Where the run is kept. */
  folder: string;
  targets: ReadonlyMap<string, BuiltTarget>;
  /** What records for them: the sensors that watch live, and those that compare. */
  sensors: readonly LiveSensor[];
  snapshots: readonly SnapshotSensor[];
  /** What puts on record what mitigations ask for. */
  audit: CaseWorld['recorder'];
  recorder: RawRecorder;
  clock: CaseWorld['clock'];
  getsPrereqs: CaseWorld['getsPrereqs'];
  stepLimitMs?: number;
  filesBeside: CaseWorld['filesBeside'];
  book: RuleBook;
  traceKey: TraceKey;
  /** Takes a judged case over. */
  add(judged: JudgedCase): void;
  engine: EngineWatch;
  /** Rejects when the engine is gone. */
  gone: Promise<never>;
  signal: AbortSignal;
  say: OnRunFact;
  /** Where the run is followed live: the rules that are told as they match. */
  live?: LiveRuleSets;
  beforePhase?: CaseWorld['beforePhase'];
  terminal?: TerminalUser;
}

/**
 * Runs a case, writes its evidence, judges it and adds it to the run.
 * @param aside lets other cases work while this one waits
 * @throws AtomclockError `output/unwritable`, or when the lab itself is gone; the signal's reason when interrupted
 */
export async function runLabCase(planned: PlannedCase, lab: RunningLab, aside: Aside): Promise<void> {
  const { folder, say } = lab;
  const { id } = planned;
  const began = Date.now();
  say({ kind: 'case-started', case: id });
  const own = await writing(folder, () => caseFolder(folder, id));
  await using raw = new RawFolder(join(own, 'raw'));
  const said = new SaidMatches();
  const recorded = await runCase(planned, worldOf({ ...lab, say: said.heard(say) }, raw, aside));
  await raw.close();
  const judged = await keepCase(recorded, lab);
  said.corrections(judged).forEach(say);
  say({ kind: 'case-finished', case: id, observation: judged.observation, ms: Date.now() - began });
  lab.add(judged);
}

/** Does the same with a case that could not begin, for this reason. @throws as `runLabCase` */
export async function skipLabCase(
  planned: PlannedCase,
  reason: AtomclockError,
  run: Pick<RunningLab, 'folder' | 'book' | 'traceKey' | 'add'>,
): Promise<void> {
  run.add(await keepCase(caseNotRun(planned, reason, nonce), run));
}

async function keepCase(
  { evidence, events }: RecordedCase,
  lab: Pick<RunningLab, 'folder' | 'book' | 'traceKey'>,
): Promise<JudgedCase> {
  const { folder, book } = lab;
  await writing(folder, () => writeCase(folder, { evidence, events }));
  const judged = judgeCase(evidence, events, book);
  await writing(folder, () => keepTrace(judged, lab));
  return judged;
}

const nonce = (): string => randomBytes(6).toString('hex');

/** The world as the engine asks for it, made of the adapters. */
function worldOf(lab: RunningLab, raw: RawFolder, aside: Aside): CaseWorld {
  const { sensors, snapshots, clock, getsPrereqs, stepLimitMs, filesBeside, signal, say } = lab;
  const { live, beforePhase, terminal, audit } = lab;
  return {
    lab: labOf(lab, raw),
    sensors,
    snapshots,
    recorder: audit,
    clock,
    getsPrereqs,
    ...(stepLimitMs !== undefined && { stepLimitMs }),
    takeInventory,
    aside,
    filesBeside,
    now: Date.now,
    nonce,
    signal,
    say,
    ...(live && { live }),
    ...(beforePhase && { beforePhase }),
    ...(terminal && { terminal }),
  };
}

/** A case that somebody holds between its stages, or sits in, may take a school day. */
const heldLifetimeSeconds = 8 * 3600;

const labOf = (lab: RunningLab, raw: RawFolder): Lab => ({
  start: (request) => untilAborted(bootTarget(request, lab, raw), lab.engine.gone),
  gone: lab.gone,
  reasonOf: (error) => lab.engine.reasonOf(error),
});

async function bootTarget(
  { target: name, caseId, clock, userManagers, profiles, beside }: TargetRequest,
  { targets, id: run, recorder, beforePhase, terminal }: RunningLab,
  raw: RawFolder,
) {
  const chosen = targets.get(name);
  if (!chosen) throw new RangeError(`a case was planned on ${name}, which this run does not have`);
  const profile = profileUnder(chosen.profile, profiles);
  const target = await startTarget({
    ...{ ...chosen, profile, run, case: caseId, clock, userManagers, beside },
    ...((beforePhase ?? terminal) && { lifetimeSeconds: heldLifetimeSeconds }),
  });
  recorder.attach(target, raw);
  if (target.actor) recorder.attach(target.actor, raw);
  return target;
}
