// Starts the sensors of a run: the live ones with what their descriptors ask for, then those that compare.

import { join } from 'node:path';
import { findFiles } from '../content/folder.ts';
import { isProblem, readSource } from '../content/source.ts';
import { followEngine } from '../docker/container/engine-feed.ts';
import { startSidecar } from '../docker/container/sidecar.ts';
import { connect } from '../docker/host/connection.ts';
import { ensureImage } from '../docker/image/images.ts';
import type {
  AuditRecorder,
  LiveSensor,
  SensorHost,
  SidecarNeeds,
  SidecarSpec,
  SnapshotSensor,
} from '../engine/ports.ts';
import type { NoRecorder } from '../engine/run/run-case.ts';
import { AtomclockError, ContentError, type Problem } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import { packageRoot } from '../model/package-root.ts';
import { type LiveDescriptor, nameOf, sensors } from '../telemetry/registry.ts';
import type { RawRecorder } from './raw-recorder.ts';
import { sensorsNamed } from './sensors.ts';

interface RunningSensors extends AsyncDisposable {
  readonly sensors: readonly LiveSensor[];
  readonly snapshots: readonly SnapshotSensor[];
  /** What puts on record what mitigations ask for, or why there is none; null where no mitigation of the run asks. */
  readonly recorder: AuditRecorder | NoRecorder | null;
}

interface SensorsOptions {
  /** Run id, for the labels of sidecars. */
  readonly run: string;
  readonly recorder: Pick<RawRecorder, 'tap'>;
  /** Whether mitigations of the run put something on record. */
  readonly records: boolean;
  note(message: string): void;
  readonly env: SensorHost['env'];
}

/**
 * Starts the sensors of these names.
 * @throws AtomclockError `run/unknown-sensor`, `lab/…`, `sensor/…`; ContentError for a sensor's files that cannot be used
 */
export async function startSensors(
  names: readonly SensorName[],
  options: SensorsOptions,
): Promise<RunningSensors> {
  const chosen = sensorsNamed(names);
  await using stack = new AsyncDisposableStack();
  const live = chosen.filter((descriptor) => descriptor.kind === 'live');
  const started: LiveSensor[] = [];
  const isAlone = options.records && !live.some(({ startRecorder }) => startRecorder);
  const alone = isAlone ? await recorderAlone(options, stack) : null;
  for (const descriptor of live.toSorted((a, b) => Number(b.startsFirst ?? 0) - Number(a.startsFirst ?? 0))) {
    started.push(stack.use(await descriptor.start(hostOf(descriptor, options, stack))));
  }
  const snapshots = chosen.flatMap((descriptor) =>
    descriptor.kind === 'snapshot' ? [descriptor.start()] : [],
  );
  const kept = stack.move();
  const recorder = alone ?? (options.records ? started.find((sensor) => sensor.recorder)?.recorder : null);
  return {
    sensors: started,
    snapshots,
    recorder: recorder ?? null,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** The recorder without its sensor: its own container, which must be there before the targets are. */
async function recorderAlone(
  options: SensorsOptions,
  stack: AsyncDisposableStack,
): Promise<AuditRecorder | NoRecorder> {
  const descriptor = recorderDescriptor();
  try {
    const recorder = await descriptor?.startRecorder?.(hostOf(descriptor, options, stack));
    return recorder ? stack.use(recorder) : { why: 'no sensor can load audit rules' };
  } catch (error) {
    // A kernel that another reader has, or that has no audit, is no reason to leave out all other cases.
    if (!(error instanceof AtomclockError) || !error.code.startsWith('sensor/')) throw error;
    return { why: error.message };
  }
}

/** The sensor that can put on record what mitigations ask for. */
export const recorderDescriptor = (): LiveDescriptor | undefined =>
  sensors().find(
    (descriptor): descriptor is LiveDescriptor =>
      descriptor.kind === 'live' && descriptor.startRecorder !== undefined,
  );

function hostOf(
  descriptor: LiveDescriptor,
  { run, recorder, note, env }: SensorsOptions,
  stack: AsyncDisposableStack,
): SensorHost {
  const { sidecar: needs } = descriptor;
  const name = nameOf(descriptor);
  return {
    async sidecar(command = []) {
      if (needs === null) throw new TypeError(`the descriptor of ${name} asks for no container`);
      const image = await ensureImage(needs.image, note);
      return stack.use(await startSidecar({ image, command, ...(await privileges(needs)) }, { run }));
    },
    async engineFeed() {
      return stack.use(await followEngine(await connect(), run));
    },
    onRaw: recorder.tap(name),
    note: onceEach(note),
    files: contentFiles,
    env,
  };
}

/** What the engine is asked to give a sensor's container. */
export async function privileges({
  capAdd,
  pidMode,
  seesStorage,
}: SidecarNeeds): Promise<Omit<SidecarSpec, 'image'>> {
  if (!seesStorage) return { capAdd, ...(pidMode && { pidMode }) };
  const { rootDirectory } = (await connect()).facts;
  const binds = [`${rootDirectory}:${rootDirectory}:ro,rslave`];
  return { capAdd, binds, ...(pidMode && { pidMode }) };
}

/** Each target says the same of the same rules. */
function onceEach(note: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) note(message);
    told.add(message);
  };
}

function contentFiles(folder: string, ending: string): { file: string; text: string }[] {
  const { files, problems } = findFiles(join(packageRoot, folder), [ending]);
  const found: Problem[] = [...problems];
  const texts = files.flatMap(({ path }) => {
    const source = readSource(path);
    if (!isProblem(source)) return [{ file: source.file, text: source.text }];
    found.push(source);
    return [];
  });
  if (found.some(({ severity }) => severity === 'error')) throw new ContentError(found);
  return texts;
}
