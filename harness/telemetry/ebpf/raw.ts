// The sensor's lines as typed records: what containers/sensors/ebpf/print.c writes, checked once on the way in.

import { AtomclockError, exitCodes } from '../../model/errors.ts';

/** Something about a path that its text does not show. */
export type PathFact = 'detached' | 'deleted' | 'unresolved' | 'truncated';

/** Who did it: on every record of a target. */
export interface RawIdentity {
  /** Over all targets. */
  seq: number;
  /** Of this target, from 1. */
  target_seq: number;
  /** How many numbers of the target this line accounts for, when more than one: long arguments. */
  parts?: number;
  /** Seconds and nanoseconds since 1970. */
  time: string;
  pidns: number;
  mntns: number;
  /** Of the host; `ns_` ones of the target, 0 outside of it. */
  pid: number;
  tid: number;
  ns_pid: number;
  ns_tid: number;
  /** Nanoseconds since boot. */
  start: string;
  ppid: number;
  ns_ppid: number;
  parent_start: string;
  uid: number;
  euid: number;
  suid: number;
  fsuid: number;
  gid: number;
  egid: number;
  sgid: number;
  fsgid: number;
  /** -1 when unset. */
  loginuid: number;
  sessionid: number;
  /** Pids of the leaders, of the host; recordings of older sensors lack them. */
  session?: number;
  process_group?: number;
  /** The device that controls the session. */
  tty_major?: number;
  tty_minor?: number;
  /** Standard input and standard error are that device. */
  interactive?: true;
  comm: string;
  parent_comm: string;
  exe?: string;
  exe_facts?: PathFact[];
  parent_exe?: string;
  parent_exe_facts?: PathFact[];
  /** Leaf of the control group: the unit, under systemd. */
  cgroup?: string;
}

/** The object acted upon, where the kernel still has it. */
export interface RawInode {
  inode?: string;
  /** Octal, with the type bits. */
  mode?: string;
  owner?: number;
  owner_group?: number;
  size?: number;
  fs?: string;
}

/** How the object stood before its mode or its owner was changed; all three, or none where it could not be looked up. */
export interface RawStanding {
  /** Octal, with the type bits. */
  old_mode?: string;
  old_owner?: number;
  old_owner_group?: number;
}

/** What was given as arguments, as far as it could be read. */
export interface RawArguments {
  argv?: string[];
  argv_bytes?: number;
  argv_truncated?: true;
  cwd?: string;
  cwd_facts?: PathFact[];
}

/** A path that was acted upon. */
export interface RawPath {
  path: string;
  path_facts?: PathFact[];
  /** As the process gave it; absent where it named an open file. */
  raw?: string;
}

/** The result of a system call: 0 or more, or a negative errno. */
export interface RawResult {
  ret: number;
  /** Absent for the machine's own convention. */
  abi?: 'ia32';
}

interface Second {
  path2: string;
  path2_facts?: PathFact[];
  raw2?: string;
}

type Act<Op extends string, More = unknown> = { op: Op } & RawIdentity & More;
type FileAct<Op extends string, More = unknown> = Act<Op, RawPath & RawInode & RawResult & More>;

/** One record of a target. */
export type RawRecord =
  | Act<'exec', RawArguments & RawInode & { filename: string; interpreter?: string }>
  | Act<'exec_failed', RawArguments & RawInode & RawResult & RawPath & { filename: string }>
  | Act<'fork'>
  | Act<'exit', { exit_code: number; signal: number; core_dumped?: true }>
  | Act<'alive', RawArguments>
  | FileAct<'create', { flags: string }>
  | FileAct<'open_write', { flags: string }>
  | FileAct<'write'>
  | FileAct<'close_write', { created?: true; told?: true }>
  | FileAct<'rename', Second & { flags: number }>
  | FileAct<'unlink'>
  | FileAct<'rmdir'>
  | FileAct<'mkdir', { new_mode: string }>
  | FileAct<'symlink', { target: string }>
  | FileAct<'link', Second & { flags: number }>
  | FileAct<'mknod', { new_mode: string }>
  | FileAct<'chmod', RawStanding & { new_mode: string }>
  | FileAct<'chown', RawStanding & { new_uid: number; new_gid: number }>
  | FileAct<'truncate', { new_size: number }>
  | FileAct<'mount', Partial<Second> & { source?: string; fstype?: string; flags: number }>
  | FileAct<'umount', { flags: number }>
  | FileAct<'move_mount', Second & { source?: string; flags: number }>
  | FileAct<'pivot_root'>
  | FileAct<'chroot'>
  | Act<'io_uring', RawPath & Partial<Second> & { call: UringCall; target?: string }>
  | Act<'foreign_abi'>;

/** What was asked of io_uring, named as the call that does the same. */
export type UringCall = 'create' | 'rename' | 'unlink' | 'rmdir' | 'mkdir' | 'symlink' | 'link';

/** How many records a target has had since it was added, and how many of them are lost. */
interface RawCounts<Op extends string> {
  op: Op;
  pidns: number;
  target_seq: number;
  lost: number;
}

/** What the sensor says about itself, or answers to a command. */
export type RawNotice =
  | { op: 'ready'; boot_time: string; startup_ms: number; io_uring?: true }
  | { op: 'added'; pidns: number; tag?: string; processes: number }
  | RawCounts<'count'>
  | RawCounts<'removed'>
  | RawCounts<'lost'>
  | { op: 'missed'; runs: number }
  | { op: 'refused'; command: string; pidns?: number; reason: string }
  | { op: 'end'; records: number; seq: number; lost: number };

export type RawLine = { kind: 'record'; record: RawRecord } | { kind: 'notice'; notice: RawNotice };

/**
 * Reads one line.
 * @throws AtomclockError `sensor/unreadable` when it is not a line of this sensor
 * @source containers/sensors/ebpf/print.c, containers/sensors/ebpf/sensor.c
 */
export function parseLine(line: string): RawLine {
  const value = parseObject(line);
  const op = value.op as string;
  if (recordOps.has(op)) {
    if (isIdentity(value)) return { kind: 'record', record: value as unknown as RawRecord };
  } else if (noticeOps.has(op)) {
    return { kind: 'notice', notice: value as unknown as RawNotice };
  }
  throw unreadable(line);
}

const recordOps: ReadonlySet<string> = new Set<RawRecord['op']>([
  'exec',
  'exec_failed',
  'fork',
  'exit',
  'alive',
  'create',
  'open_write',
  'write',
  'close_write',
  'rename',
  'unlink',
  'rmdir',
  'mkdir',
  'symlink',
  'link',
  'mknod',
  'chmod',
  'chown',
  'truncate',
  'mount',
  'umount',
  'move_mount',
  'pivot_root',
  'chroot',
  'io_uring',
  'foreign_abi',
]);

const noticeOps: ReadonlySet<string> = new Set<RawNotice['op']>([
  'ready',
  'added',
  'count',
  'removed',
  'lost',
  'missed',
  'refused',
  'end',
]);

function parseObject(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw unreadable(line, cause);
  }
  throw unreadable(line);
}

/** The members that everything else is keyed by; the sensor that wrote the rest is ours. */
function isIdentity(value: Record<string, unknown>): boolean {
  return (
    typeof value.target_seq === 'number' &&
    typeof value.pidns === 'number' &&
    typeof value.pid === 'number' &&
    typeof value.time === 'string' &&
    typeof value.start === 'string' &&
    typeof value.parent_start === 'string'
  );
}

const unreadable = (line: string, cause?: unknown): AtomclockError =>
  new AtomclockError(
    'sensor/unreadable',
    `expected a record of the eBPF sensor, got ${JSON.stringify(line.slice(0, 200))}`,
    {
      exitCode: exitCodes.labUnavailable,
      hint: 'The sensor image is not the one of this version: atomclock doctor --fix',
      cause,
    },
  );
