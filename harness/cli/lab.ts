// Wires the adapters to the engine: the one place that knows Docker, sensors, content and engine at the same time.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { caseFolder, writeCase, writeEvidenceFile } from '../content/evidence-folder.ts';
import { connect } from '../docker/connection.ts';
import { ensureImage, targetImage } from '../docker/images.ts';
import { removeRun } from '../docker/remove-run.ts';
import { sweep } from '../docker/sweep.ts';
import { startTarget } from '../docker/target.ts';
import { readTargets } from '../docker/targets-file.ts';
import { type JudgedCase, judgeCase } from '../engine/judge-case.ts';
import { judgeRun, type RunFacts } from '../engine/judge-run.ts';
import type { PlannedCase } from '../engine/plan.ts';
import { inPool } from '../engine/pool.ts';
import type { Lab } from '../engine/ports.ts';
import type { OnProgress } from '../engine/progress.ts';
import { type CaseWorld, runCase } from '../engine/run-case.ts';
import { AtomclockError, exitCodes } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import { evidenceVersion } from '../model/evidence.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { TargetDefinition } from '../model/target.ts';
import { inventoryEvents, takeInventory } from '../telemetry/inventory/index.ts';
import { Residue, residueEvents, residueLines } from '../telemetry/residue/index.ts';
import type { Io } from './io.ts';
import { loadForRun } from './load-content.ts';
import type { RunOptions } from './options.ts';
import { RawRecorder } from './raw-recorder.ts';
import { writeRun } from './run-file.ts';
import { startSensors } from './start-sensors.ts';
import { harnessVersion } from './version.ts';

/** A run's record, and the folder in which it is kept. */
export interface LabRun {
  readonly record: RunRecord;
  readonly folder: string;
  /** Some of the content named could not be used, and was told as a problem. */
  readonly isSpoilt: boolean;
}

const defaultTarget = 'debian12';
const defaultSensors: readonly SensorName[] = ['ebpf', 'journal', 'inventory', 'residue'];

/**
 * Runs the selected cases in containers, keeps their evidence and judges it.
 * @throws ContentError; AtomclockError `run/nothing-selected`, `lab/…`; the signal's reason when interrupted
 */
export async function runLab(options: RunOptions, io: Io, onProgress: OnProgress): Promise<LabRun> {
  const startedAt = new Date();
  const id = `${startedAt.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${hex(2)}`;
  const folder = options.out ?? join('runs', id);
  const targets = chooseTargets(options.targets);
  const { book, ruleTexts, planned, filesBeside, isSpoilt } = loadForRun(options, [...targets.keys()], io);
  const sensors = options.sensors.length > 0 ? options.sensors : defaultSensors;

  const note = (message: string) => onProgress({ kind: 'note', message });
  const { facts } = await connect();
  for (const removed of await sweep()) note(`removed ${removed}, left behind by a run that died`);
  const images = new Map<string, string>();
  for (const [name, target] of targets) images.set(name, await ensureImage(targetImage(name, target), note));

  const recorder = new RawRecorder();
  // Makes the running cases end at once; what it could not remove, the end of this function tries again and tells.
  const stopLab = () => void removeRun(id).catch(() => {});
  io.signal.addEventListener('abort', stopLab, { once: true });
  try {
    await using running = await startSensors(sensors, {
      run: id,
      recorder,
      note,
      ringKib: io.env.ATOMCLOCK_SENSOR_RING_KIB,
    });
    const lab: Lab = {
      async start({ target: name, caseId, clock, userManagers }) {
        const target = await startTarget({
          image: images.get(name) as string,
          profile: (targets.get(name) as TargetDefinition).profile,
          run: id,
          case: caseId,
          clock,
          userManagers,
        });
        recorder.attach(target, join(await caseFolder(folder, caseId), 'raw'));
        return target;
      },
    };
    const residue = sensors.includes('residue') ? new Residue() : undefined;
    onProgress({ kind: 'planned', cases: planned.map((one) => one.id) });
    const work = async (one: PlannedCase): Promise<JudgedCase> => {
      const began = Date.now();
      onProgress({ kind: 'started', case: one.id });
      const recorded = await runCase(one, {
        lab,
        sensors: running.sensors,
        clock: options.clock,
        async takeInventory(target) {
          // The first inventory is of the target before the attack: so is its footprint.
          const [inventory] = await Promise.all([takeInventory(target), residue?.begin(target)]);
          return inventory;
        },
        filesBeside,
        changeEvents: changeEvents(sensors),
        changedFiles: async (target) => {
          const changes = (await residue?.changes(target)) ?? [];
          const at = new Date().toISOString();
          return {
            lines: residueLines(changes, target),
            events: (firstNumber) => residueEvents(changes, at, firstNumber),
          };
        },
        now: Date.now,
        nonce: () => hex(6),
        signal: io.signal,
        onPhase: (caseId, phase) => onProgress({ kind: 'phase', case: caseId, phase }),
      });
      await writeCase(folder, recorded);
      const judged = judgeCase(recorded.evidence, recorded.events, book);
      const { observation, record } = judged;
      const verdict = one.mitigation ? null : (record?.verdict ?? null);
      const reasons = record?.reasons ?? [];
      onProgress({ kind: 'finished', case: one.id, observation, verdict, reasons, ms: Date.now() - began });
      return judged;
    };
    const judged = await inPool(planned, options.jobs ?? facts.cpus * 2, io.signal, work);
    const run: RunFacts = {
      id,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      harness: harnessVersion(),
      host: {
        kernel: facts.kernel,
        docker: facts.version,
        cpus: facts.cpus,
        memory: facts.memoryBytes,
      },
      sensors: [...sensors],
      clock: options.clock,
      shard: options.shard ? `${options.shard.index}/${options.shard.count}` : null,
    };
    await recorder.close();
    await writeEvidenceFile(folder, {
      evidenceVersion,
      run,
      rules: ruleTexts,
      cases: planned.map((one) => one.id),
    });
    const record = judgeRun(judged, book, run);
    await writeRun(folder, record);
    return { record, folder, isSpoilt };
  } finally {
    io.signal.removeEventListener('abort', stopLab);
    if (io.signal.aborted) await removeRun(id);
  }
}

function chooseTargets(chosen: readonly string[]): Map<string, TargetDefinition> {
  const known = readTargets();
  const names = chosen.length > 0 ? [...new Set(chosen)] : [defaultTarget];
  return new Map(
    names.map((name) => {
      const definition = known.get(name);
      if (definition) return [name, definition];
      throw new AtomclockError('run/unknown-target', `there is no target ${name}`, {
        exitCode: exitCodes.badInput,
        hint: `Targets: ${[...known.keys()].join(', ')}.`,
      });
    }),
  );
}

/** The sensors that compare inventories, as far as they are wanted. */
const changeEvents = (sensors: readonly SensorName[]): CaseWorld['changeEvents'] =>
  Object.fromEntries(
    (['inventory', 'residue'] as const)
      .filter((sensor) => sensors.includes(sensor))
      .map((sensor) => [sensor, (changes, at) => inventoryEvents(changes, { at, sensor })]),
  ) satisfies CaseWorld['changeEvents'];

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
