// Who started whom in one target, by birth: a process that loses its parent keeps the lineage it was born with.

import type { EcsEvent, ProcessFields } from '../../model/event.ts';

export interface ProcessNode {
  readonly entityId: string;
  /** Pid inside the container; 0 when it lives outside. */
  readonly pid: number;
  readonly parent: ProcessNode | null;
  /** Of a pair: in the container, not on the machine. */
  readonly isActors: boolean;
  readonly children: ProcessNode[];
  executable: string;
  /** What its executable is a copy or another name of; the executable itself where it is none that is known. */
  program: string;
  /** Argument vector of the latest exec; the parent's until then. */
  args: readonly string[];
  userName: string;
  /** Its exec events in order; empty for a fork that never executed anything, and for what ran before the sensor. */
  readonly execs: EcsEvent[];
  /** What it was about to execute when the kernel would not. */
  readonly attempts: EcsEvent[];
  exitCode: number | null;
  /** ISO time; null while it lives. */
  endedAt: string | null;
  /** Its parent had ended before it started anything itself: it is what a daemon leaves that goes to the background. */
  isInBackground: boolean;
}

export class ProcessTree {
  readonly #programOf: (executable: string) => string;
  readonly #byEntity = new Map<string, ProcessNode>();
  /** The latest process of each container pid: log entries name a pid only. */
  readonly #byPid = new Map<number, ProcessNode>();
  /** The same by the host's pids: audit knows no others. */
  readonly #byHostPid = new Map<number, ProcessNode>();

  /** @param programOf what an executable is a copy of */
  constructor(programOf: (executable: string) => string = (executable) => executable) {
    this.#programOf = programOf;
  }

  /** Takes in one event and gives the process that it is about; undefined for events without a process entity. */
  observe(event: EcsEvent): ProcessNode | undefined {
    const { process } = event;
    if (!process?.entity_id) return undefined;
    const isActors = event.atomclock.actor === true;
    const node = this.#byEntity.get(process.entity_id) ?? this.#add(process, isActors);
    if (event.atomclock.host_pid !== undefined) this.#byHostPid.set(event.atomclock.host_pid, node);
    if (process.executable) {
      node.executable = process.executable;
      node.program = this.#programOf(process.executable);
    }
    if (event.event.action === 'exec' && event.event.outcome !== 'failure') {
      node.execs.push(event);
      node.args = process.args ?? [];
      node.userName = process.user?.name ?? process.user?.id ?? '';
    }
    if (event.event.action === 'exec-attempt') node.attempts.push(event);
    if (event.event.action === 'end') {
      node.exitCode = process.exit_code ?? null;
      node.endedAt = event['@timestamp'];
    }
    return node;
  }

  get(entityId: string): ProcessNode | undefined {
    return this.#byEntity.get(entityId);
  }

  /** The process that a record of another sensor is about, which knows its pid only. */
  processOf({ process, atomclock }: EcsEvent): ProcessNode | undefined {
    if (process?.entity_id) return this.#byEntity.get(process.entity_id);
    const { host_pid: pid, parent_host_pid: parent } = atomclock;
    if (pid !== undefined) return this.#byHostPid.get(pid) ?? this.#byHostPid.get(parent ?? -1);
    return process?.pid ? this.#byPid.get(process.pid) : undefined;
  }

  #add(process: ProcessFields, isActors: boolean): ProcessNode {
    const parent = process.parent?.entity_id ? this.#parent(process.parent, isActors) : null;
    const node: ProcessNode = {
      entityId: process.entity_id,
      pid: process.pid,
      parent,
      isActors,
      children: [],
      executable: process.executable ?? parent?.executable ?? '',
      program: process.executable ? this.#programOf(process.executable) : (parent?.program ?? ''),
      args: process.args ?? parent?.args ?? [],
      userName: process.user?.name ?? process.user?.id ?? '',
      execs: [],
      attempts: [],
      exitCode: null,
      endedAt: null,
      isInBackground: false,
    };
    if (parent?.children.length === 0 && parent.parent && parent.parent.endedAt !== null)
      parent.isInBackground = true;
    parent?.children.push(node);
    this.#byEntity.set(node.entityId, node);
    // The log is the machine's: in the container beside it its pids are others'.
    if (node.pid > 0 && !isActors) this.#byPid.set(node.pid, node);
    return node;
  }

  #parent(parent: ProcessFields, isActors: boolean): ProcessNode {
    return this.#byEntity.get(parent.entity_id) ?? this.#add(parent, isActors);
  }
}

/** The process and its ancestors, nearest first. */
export function* lineage(node: ProcessNode): Generator<ProcessNode> {
  for (let at: ProcessNode | null = node; at; at = at.parent) yield at;
}

/** The process and everything that descends from it. */
export function* subtree(node: ProcessNode): Generator<ProcessNode> {
  yield node;
  for (const child of node.children) yield* subtree(child);
}

/** Whether two processes were given the same arguments. */
export const sameArgs = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((arg, index) => arg === b[index]);
