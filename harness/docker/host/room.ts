// What the engine's machine has left for targets: processors, memory, inotify instances, processes.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { freemem, release } from 'node:os';
import type { EngineFacts } from './connection.ts';

/** Free amounts; null: there is no limit, or it cannot be seen from here. */
export interface Room {
  readonly cpus: number;
  readonly memoryBytes: number | null;
  /** Of root's, whose all targets are. */
  readonly inotifyInstances: { readonly free: number; readonly limit: number } | null;
  readonly processes: number | null;
}

/** Whether the engine's containers run on the kernel that this process runs on. */
export const isLocal = ({ kernel }: Pick<EngineFacts, 'kernel'>): boolean => kernel === release();

/** Looks at the machine; of an engine on another one only its own answer is known. */
export function roomOf(facts: Pick<EngineFacts, 'kernel' | 'cpus' | 'memoryBytes'>): Room {
  const { cpus, memoryBytes } = facts;
  if (!isLocal(facts)) return { cpus, memoryBytes, inotifyInstances: null, processes: null };
  return {
    cpus,
    // The second is less where this process, and an engine beside it, live in a container with a limit.
    memoryBytes: Math.min(freemem(), process.availableMemory()),
    inotifyInstances: freeInstances(),
    processes: freeProcesses(),
  };
}

/** All of root's programs share one limit. */
export function freeInstances(): Room['inotifyInstances'] {
  const limit = numberIn('/proc/sys/fs/inotify/max_user_instances');
  if (limit === null) return null;
  const used = processes().reduce((sum, pid) => sum + instancesOf(pid), 0);
  return { free: Math.max(0, limit - used), limit };
}

function instancesOf(pid: string): number {
  if (!/^Uid:\s+0\s/m.test(read(`/proc/${pid}/status`) ?? '')) return 0;
  return list(`/proc/${pid}/fd`).filter((fd) => link(`/proc/${pid}/fd/${fd}`) === 'anon_inode:inotify')
    .length;
}

/**
 * By the kernel's limits, and by that of the control group at the root of what is seen here: a container's own, whose
 * engine's containers are within it.
 * @source proc(5) kernel/pid_max and kernel/threads-max; the kernel's cgroup-v2.rst and pids.rst, pids.max
 */
function freeProcesses(): number | null {
  const threads = Number(/\/(\d+)/.exec(read('/proc/loadavg') ?? '')?.[1] ?? 0);
  const ofKernel = ['pid_max', 'threads-max'].map((name) => numberIn(`/proc/sys/kernel/${name}`));
  const ofGroup = ['/sys/fs/cgroup', '/sys/fs/cgroup/pids'].map((group) => {
    const most = numberIn(`${group}/pids.max`);
    return most === null ? null : most - (numberIn(`${group}/pids.current`) ?? 0);
  });
  const free = [...ofKernel.map((limit) => (limit === null ? null : limit - threads)), ...ofGroup].filter(
    (number) => number !== null,
  );
  return free.length === 0 ? null : Math.max(0, Math.min(...free));
}

export const processes = (): string[] => list('/proc').filter((name) => /^\d+$/.test(name));

/** The number in a file; null where there is none, such as `max`. */
function numberIn(path: string): number | null {
  const text = read(path);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/* Processes come and go, and some are not ours to look at: what cannot be read is not there. */

export function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
