// The main job: a lab is set up, the planned cases run in it, their evidence is kept and judged.

import { randomBytes } from 'node:crypto';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeEvidenceFile } from '../content/evidence-folder.ts';
import { removeRun } from '../docker/container/remove-run.ts';
import { sweep } from '../docker/container/sweep.ts';
import { connect } from '../docker/host/connection.ts';
import { ensureImage, targetImage } from '../docker/image/images.ts';
import { readTargets } from '../docker/image/targets-file.ts';
import type { JudgedCase } from '../engine/judge/judge-case.ts';
import { judgeRun, type RunFacts } from '../engine/judge/judge-run.ts';
import type { OnProgress } from '../engine/progress.ts';
import { inPool } from '../engine/run/pool.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import { evidenceVersion } from '../model/evidence.ts';
import type { RunRecord } from '../model/run-record.ts';
import { suggestion } from '../model/suggestion.ts';
import type { TargetDefinition } from '../model/target.ts';
import type { Io } from './io.ts';
import { type BuiltTarget, type RunningLab, runLabCase } from './lab-case.ts';
import { loadForRun } from './load-content.ts';
import type { RunOptions } from './options.ts';
import { RawRecorder } from './raw-recorder.ts';
import { writeRun } from './run-file.ts';
import { startSensors } from './start-sensors.ts';
import { harnessVersion } from './version.ts';
import { writing } from './writing.ts';

/** A run's record, and the folder in which it is kept. */
interface LabRun {
  readonly record: RunRecord;
  readonly folder: string;
  /** Some of the content named could not be used, and was told as a problem. */
  readonly isSpoilt: boolean;
}

const defaultTarget = 'debian12';
const defaultSensors: readonly SensorName[] = ['ebpf', 'journal', 'inventory', 'residue'];

/**
 * Runs the selected cases in containers, keeps their evidence and judges it.
 * @throws ContentError; AtomclockError `run/nothing-selected`, `lab/…`, `output/unwritable`; the signal's reason when
 *   interrupted: the evidence of the cases that had ended is kept all the same
 */
export async function runLab(options: RunOptions, io: Io, onProgress: OnProgress): Promise<LabRun> {
  const run = await prepare(options, io, onProgress);
  const { planned, folder, book, isSpoilt } = run;
  const judged = new Map<string, JudgedCase>();
  const inOrder = (): JudgedCase[] => planned.flatMap((one) => judged.get(one.id) ?? []);
  try {
    await runCases(run, judged, io, onProgress);
  } catch (error) {
    if (io.signal.aborted && judged.size > 0) {
      await keepEvidence(run, inOrder());
      const message = `${judged.size} of ${planned.length} cases are kept: atomclock replay ${folder} judges them`;
      onProgress({ kind: 'note', message });
    }
    throw error;
  }
  const record = judgeRun(inOrder(), book, await keepEvidence(run, inOrder()));
  await writeRun(folder, record);
  return { record, folder, isSpoilt };
}

type PreparedRun = Awaited<ReturnType<typeof prepare>>;

/** What can go wrong before the first container goes wrong here: content, engine, folder, images. */
async function prepare(options: RunOptions, io: Io, onProgress: OnProgress) {
  const startedAt = new Date().toISOString();
  const stamp = startedAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const id = `${stamp}-${randomBytes(2).toString('hex')}`;
  const folder = options.out ?? join('runs', id);
  const definitions = chooseTargets(options.targets);
  const content = loadForRun(options, [...definitions.keys()], io);
  const sensorNames = options.sensors.length > 0 ? options.sensors : defaultSensors;

  const note = (message: string) => onProgress({ kind: 'note', message });
  const { facts } = await connect();
  await claim(folder);
  for (const removed of await sweep()) note(`removed ${removed}, left behind by a run that died`);
  const targets = new Map<string, BuiltTarget>();
  for (const [name, definition] of definitions) {
    const image = await ensureImage(targetImage(name, definition), note);
    targets.set(name, { image, profile: definition.profile });
  }
  const { clock, shard, jobs } = options;
  return {
    id,
    startedAt,
    folder,
    sensorNames,
    targets,
    clock,
    shard,
    jobs: jobs ?? facts.cpus * 2,
    facts,
    ...content,
  };
}

/** Runs all cases; what was started is gone when this ends. */
async function runCases(
  run: PreparedRun,
  judged: Map<string, JudgedCase>,
  { signal, env }: Io,
  onProgress: OnProgress,
): Promise<void> {
  const { id, planned, sensorNames, jobs } = run;
  // Makes the running cases end at once; what it could not remove, the end of this function tries again and tells.
  const stopLab = () => void removeRun(id).catch(() => {});
  signal.addEventListener('abort', stopLab, { once: true });
  try {
    const recorder = new RawRecorder();
    await using running = await startSensors(sensorNames, {
      run: id,
      recorder,
      note: (message) => onProgress({ kind: 'note', message }),
      ringKib: env.ATOMCLOCK_SENSOR_RING_KIB,
    });
    const lab: RunningLab = { ...run, sensors: running.sensors, recorder, signal, onProgress };
    onProgress({ kind: 'planned', cases: planned.map((one) => one.id) });
    await inPool(planned, jobs, signal, async (one) => {
      judged.set(one.id, await runLabCase(one, lab));
    });
  } finally {
    signal.removeEventListener('abort', stopLab);
    if (signal.aborted) await removeRun(id);
  }
}

/** Writes down what the cases were run and judged by. */
async function keepEvidence(run: PreparedRun, judged: readonly JudgedCase[]): Promise<RunFacts> {
  const { id, startedAt, folder, facts, sensorNames, clock, shard, ruleTexts } = run;
  const of: RunFacts = {
    id,
    startedAt,
    finishedAt: new Date().toISOString(),
    harness: harnessVersion(),
    host: { kernel: facts.kernel, docker: facts.version, cpus: facts.cpus, memory: facts.memoryBytes },
    sensors: [...sensorNames],
    clock,
    shard: shard && `${shard.index}/${shard.count}`,
  };
  const cases = judged.map(({ evidence }) => evidence.id);
  await writing(folder, () =>
    writeEvidenceFile(folder, { evidenceVersion, run: of, rules: ruleTexts, cases }),
  );
  return of;
}

/** Makes the run's folder before anything is started: that nothing can be kept must not be found out at the end. */
const claim = (folder: string): Promise<void> =>
  writing(folder, async () => {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  });

function chooseTargets(chosen: readonly string[]): Map<string, TargetDefinition> {
  const known = readTargets();
  const names = chosen.length > 0 ? [...new Set(chosen)] : [defaultTarget];
  return new Map(
    names.map((name) => {
      const definition = known.get(name);
      if (definition) return [name, definition];
      throw new AtomclockError('run/unknown-target', `there is no target ${name}`, {
        exitCode: exitCodes.badInput,
        hint: suggestion(name, [...known.keys()], 'Targets'),
      });
    }),
  );
}
