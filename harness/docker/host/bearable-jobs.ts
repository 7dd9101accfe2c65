// How many cases at the same time a machine bears: what runs beyond that fails for want of memory, processes or inotify
// instances, and looks like a finding.

import type { Room } from './room.ts';

/** What one target may take at most, by its profile. */
export interface TargetNeeds {
  readonly memoryMiB: number;
  readonly pids: number;
}

export interface BearableJobs {
  /** Cases at work. */
  readonly jobs: number;
  /** Targets that may be there at the same time, with those whose cases wait for a clock; no fewer than jobs. */
  readonly open: number;
  /** What keeps it from being what the processors alone would bear, each as a sentence's part; none: nothing does. */
  readonly because: readonly string[];
}

/** While a case waits for its scheduler another one uses the processor. */
const jobsPerCpu = 2;

/** One that waits for a clock has a target, and no work for a processor. */
const openPerJob = 2;

/** For the harness itself, the sensors' containers and whatever else the machine does. */
const reservedMiB = 768;
const reservedProcesses = 256;

/** A target that a run works on, with its user manager, has this many at most. */
export const instancesPerTarget = 8;

/**
 * The number of jobs that a run uses unless told otherwise: two for each processor, or as many as there is room for
 * targets that take all they may; one at least.
 * @param needs of the targets that the run is for
 */
export function bearableJobs(room: Room, needs: readonly TargetNeeds[]): BearableJobs {
  const memoryMiB = Math.max(1, ...needs.map((target) => target.memoryMiB));
  const pids = Math.max(1, ...needs.map((target) => target.pids));
  const wanted = Math.max(1, room.cpus * jobsPerCpu);
  const limits = [
    limitOf(room.memoryBytes, memoryMiB * mebibyte, reservedMiB * mebibyte, (free) => {
      return `memory: ${Math.floor(free / mebibyte)} MiB are free, a target takes up to ${memoryMiB}, ${reservedMiB} stay for the rest`;
    }),
    limitOf(room.inotifyInstances?.free ?? null, instancesPerTarget, 0, (free) => {
      return `inotify: ${free} of root's ${room.inotifyInstances?.limit} instances are free, a target has up to ${instancesPerTarget} (sysctl fs.inotify.max_user_instances=1024)`;
    }),
    limitOf(room.processes, pids, reservedProcesses, (free) => {
      return `processes: ${free} are free, a target has up to ${pids}, ${reservedProcesses} stay for the rest`;
    }),
  ].filter((limit) => limit !== null);
  const bearable = (most: number): number => Math.max(1, Math.min(most, ...limits.map(({ jobs }) => jobs)));
  return {
    jobs: bearable(wanted),
    open: bearable(wanted * openPerJob),
    because: limits.filter(({ jobs }) => jobs < wanted).map(({ why }) => why),
  };
}

const mebibyte = 1024 ** 2;

function limitOf(
  free: number | null,
  each: number,
  reserved: number,
  why: (free: number) => string,
): { readonly jobs: number; readonly why: string } | null {
  if (free === null) return null;
  return { jobs: Math.max(0, Math.floor((free - reserved) / each)), why: why(free) };
}
