// Who owns a container: the process that started it, told apart from later processes with the same pid.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface Owner {
  /** One boot of one kernel and one pid namespace of it: only there does `pid` mean anything. */
  host: string;
  pid: number;
  /** Start time of the process in clock ticks since boot: a pid comes back, a pid with its start time does not. */
  started: string;
}

/** This process. */
export function currentOwner(): Owner {
  return { host: thisHost(), pid: process.pid, started: startTime(process.pid) ?? unknownStart };
}

/**
 * Whether the owner is known to be dead. An owner on another machine (or in another pid namespace) is not: its
 * containers end by the lifetime inside them.
 */
export function isDead(owner: Owner, look: ProcessTable = procTable): boolean {
  if (owner.host !== look.host()) return false;
  const found = look.startTime(owner.pid);
  return found !== unknownStart && found !== owner.started;
}

/** What `isDead` asks of the machine. */
export interface ProcessTable {
  host(): string;
  /** undefined when there is no such process, `unknownStart` when there is one that cannot be looked at. */
  startTime(pid: number): string | undefined;
}

export const unknownStart = 'unknown';

const procTable: ProcessTable = { host: thisHost, startTime };

function thisHost(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Not Linux: no /proc. The host name is the best there is.
    return hostname();
  }
}

/** Field 22 of /proc/PID/stat; counted from behind the last `)`, since the command name may hold anything. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return isAlive(pid) ? unknownStart : undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
