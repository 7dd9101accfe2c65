// All that the rest of the harness knows of a sensor: its name and vocabulary, what it needs, how it is started.

import type { AuditRecorder, LiveSensor, SensorHost, SidecarNeeds, SnapshotSensor } from '../engine/ports.ts';
import type { Vocabulary } from '../model/vocabularies/index.ts';

interface Description {
  /** What it can tell, under its name. */
  readonly vocabulary: Vocabulary;
  /** One line for people: what it is. */
  readonly summary: string;
  /** Whether a run uses it unless told otherwise. */
  readonly byDefault: boolean;
}

export interface LiveDescriptor extends Description {
  readonly kind: 'live';
  /** The container that it lives in, with the privileges that it cannot do without; null: it needs none. */
  readonly sidecar: SidecarNeeds | null;
  /** Must be there before other sensors' containers are. */
  readonly startsFirst?: true;
  /**
   * For `doctor`: reads the first words of the sidecar.
   * @returns once it says that it is ready, what it cannot see on this kernel; undefined before
   */
  readonly hearReady?: (line: string) => string | undefined;
  /** @throws AtomclockError `sensor/…`, `lab/…`; ContentError for files of its own that cannot be used */
  start(host: SensorHost): Promise<LiveSensor>;
  /**
   * Of a sensor that has a `recorder`: starts that alone, for a run that does not use the sensor.
   * @throws as `start`
   */
  startRecorder?(host: SensorHost): Promise<AuditRecorder & AsyncDisposable>;
}

export interface SnapshotDescriptor extends Description {
  readonly kind: 'snapshot';
  start(): SnapshotSensor;
}

export type SensorDescriptor = LiveDescriptor | SnapshotDescriptor;
