// One telemetry record in the Elastic Common Schema (ECS 8), with the values Elastic Defend uses.

/** A process as it appears in `process` and, one level down, in `process.parent`. */
export interface ProcessFields {
  /** Stable over the life of a process: host pid and start time, unique on one kernel since boot. */
  entity_id: string;
  /** Pid inside the container; 0 when the process lives outside of it. */
  pid: number;
  /** Basename of the executable. */
  name?: string;
  /** Canonical path of the executable inside the container. */
  executable?: string;
  args?: string[];
  args_count?: number;
  /** `args` joined by one space, as Elastic Defend does. */
  command_line?: string;
  working_directory?: string;
  /** ISO 8601, UTC. */
  start?: string;
  end?: string;
  exit_code?: number;
  /** The effective user is ECS's `process.user`, the real one `process.real_user`. */
  user?: UserFields;
  real_user?: UserFields;
  saved_user?: UserFields;
  group?: GroupFields;
  real_group?: GroupFields;
  thread?: { id: number };
  parent?: ProcessFields;
  [extension: string]: unknown;
}

export interface UserFields {
  id: string;
  name?: string;
  [extension: string]: unknown;
}

export interface GroupFields {
  id: string;
  name?: string;
}

export interface FileFields {
  /** Canonical path inside the container, symbolic links of the parents resolved; absent where a sensor cannot tell it. */
  path?: string;
  name?: string;
  directory?: string;
  /** Without the dot, as ECS defines it; absent when the name has none. */
  extension?: string;
  /** What a symbolic link points at, as written; the other name of a hard link. */
  target_path?: string;
  type?: 'file' | 'dir' | 'symlink' | 'device' | 'pipe' | 'socket';
  inode?: string;
  /** Octal permission bits, such as `0644`. */
  mode?: string;
  size?: number;
  uid?: string;
  gid?: string;
  owner?: string;
  group?: string;
  /** Elastic Defend's place for the old name of a renamed file, and for the old mode and owner of one that was given others. */
  Ext?: {
    original?: {
      path?: string;
      name?: string;
      extension?: string;
      mode?: string;
      uid?: string;
      gid?: string;
    };
    [extension: string]: unknown;
  };
  [extension: string]: unknown;
}

/** What the harness adds to ECS: where the record came from. */
export interface AtomclockFields {
  sensor: SensorName;
  /** Sequence number that the sensor gave; gaps mean loss. */
  sequence?: number;
  host_pid?: number;
  parent_host_pid?: number;
  [extension: string]: unknown;
}

/** Of one of the sensors that have a vocabulary (model/vocabularies): others can be registered, so no closed union. */
export type SensorName = string;

export interface EcsEvent {
  /** ISO 8601, UTC, nanoseconds where the source has them. */
  '@timestamp': string;
  event: {
    /** Unique within a case: `<sensor>-<number>`. */
    id: string;
    kind: 'event' | 'alert';
    category: string[];
    type: string[];
    action: string;
    outcome?: 'success' | 'failure' | 'unknown';
    dataset?: string;
    provider?: string;
    /** Position in the case's events.ndjson, from 1. */
    sequence?: number;
    [extension: string]: unknown;
  };
  process?: ProcessFields;
  file?: FileFields;
  user?: UserFields;
  group?: GroupFields;
  host?: { os: { type: 'linux' }; name?: string; [extension: string]: unknown };
  container?: { id: string; [extension: string]: unknown };
  message?: string;
  atomclock: AtomclockFields;
  [extension: string]: unknown;
}
