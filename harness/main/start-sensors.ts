// Starts the sensors that watch targets live, each with the privileges that it cannot do without.

import { join } from 'node:path';
import { findFiles } from '../content/folder.ts';
import { isProblem, readSource } from '../content/source.ts';
import { startSidecar } from '../docker/container/sidecar.ts';
import { connect } from '../docker/host/connection.ts';
import { auditImage, ensureImage, sensorImage } from '../docker/image/images.ts';
import type { Sensor, Sidecar } from '../engine/ports.ts';
import { ContentError, type Problem } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import { packageRoot } from '../model/package-root.ts';
import { parseAuditRules } from '../telemetry/audit/rule-file/parse.ts';
import type { AuditRule } from '../telemetry/audit/rule-file/rule.ts';
import { startAuditSensor } from '../telemetry/audit/sensor.ts';
import { startEbpfSensor } from '../telemetry/ebpf/sensor.ts';
import { startJournalSensor } from '../telemetry/journal/index.ts';
import type { RawRecorder } from './raw-recorder.ts';

interface RunningSensors extends AsyncDisposable {
  sensors: Sensor[];
}

interface SensorsOptions {
  /** Run id, for the labels of sidecars. */
  run: string;
  recorder: RawRecorder;
  note(message: string): void;
  /** KiB of the eBPF sensor's buffer in the kernel; its own default unless given. */
  ringKib: string | undefined;
}

/**
 * Starts those of the sensors that watch; `inventory` and `residue` compare what the engine reads anyway.
 * @throws AtomclockError `lab/…`, `sensor/…`; ContentError for audit rules that cannot be used
 */
export async function startSensors(
  names: readonly SensorName[],
  options: SensorsOptions,
): Promise<RunningSensors> {
  await using stack = new AsyncDisposableStack();
  const sensors: Sensor[] = [];
  // Audit first: the kernel records nothing of processes that were there before it was on.
  for (const name of [...names].sort((a, b) => Number(b === 'audit') - Number(a === 'audit'))) {
    const started = await start(name, options, stack);
    if (started) sensors.push(stack.use(started));
  }
  const kept = stack.move();
  return { sensors, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function start(
  name: SensorName,
  { run, recorder, note, ringKib }: SensorsOptions,
  stack: AsyncDisposableStack,
): Promise<Sensor | null> {
  const onRaw = recorder.tap(name);
  const sidecar = async (started: Promise<Sidecar>) => stack.use(await started);
  switch (name) {
    case 'ebpf': {
      const image = await ensureImage(sensorImage, note);
      const command = ringKib === undefined ? [] : ['--ring-kib', ringKib];
      const spec = { image, command, capAdd: ['SYS_ADMIN'] };
      return startEbpfSensor(await sidecar(startSidecar(spec, { run })), { onRaw });
    }
    case 'journal':
      return startJournalSensor({ onRaw });
    case 'audit': {
      const rules = loadAuditRules(note);
      const image = await ensureImage(auditImage, note);
      const { rootDirectory } = (await connect()).facts;
      const spec = {
        image,
        capAdd: ['AUDIT_CONTROL', 'AUDIT_WRITE'],
        binds: [`${rootDirectory}:${rootDirectory}:ro,rslave`],
        pidMode: 'host' as const,
      };
      return startAuditSensor(await sidecar(startSidecar(spec, { run })), {
        rules,
        onRaw,
        onNote: onceEach(note),
      });
    }
    case 'inventory':
    case 'residue':
      return null;
  }
}

/** Each target says the same of the same rules. */
function onceEach(note: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) note(message);
    told.add(message);
  };
}

/** The fleet's rules: every file in detections/audit. */
function loadAuditRules(note: (message: string) => void): AuditRule[] {
  const { files, problems } = findFiles(join(packageRoot, 'detections/audit'), ['.rules']);
  const found: Problem[] = [...problems];
  const rules = files.flatMap(({ path }) => {
    const source = readSource(path);
    if (isProblem(source)) {
      found.push(source);
      return [];
    }
    const parsed = parseAuditRules(source.file, source.text);
    found.push(...parsed.problems);
    return parsed.rules;
  });
  if (found.some(({ severity }) => severity === 'error')) throw new ContentError(found);
  for (const { message } of found) note(message);
  return rules;
}
