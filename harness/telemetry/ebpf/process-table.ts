// The processes of one target as the records have shown them: what a record about a file cannot say of its actor.

import type { RawRecord } from './raw.ts';

export interface KnownProcess {
  executable?: string;
  args?: readonly string[];
  commandLine?: string;
  workingDirectory?: string;
  /** The harness's own: a probe, or a descendant of one. */
  harness?: true;
}

/** Ended processes are kept for their children's sake, until this many processes are known. */
const limit = 32_768;

export class ProcessTable {
  readonly #known = new Map<string, KnownProcess>();
  /** Oldest first. */
  readonly #ended = new Set<string>();

  get(entityId: string): KnownProcess | undefined {
    return this.#known.get(entityId);
  }

  /** Takes in a record and gives the process that it is about. */
  observe(record: RawRecord): KnownProcess | undefined {
    const id = entityId(record.pid, record.start);
    switch (record.op) {
      case 'fork':
        return this.#add(id, { ...this.#known.get(entityId(record.ppid, record.parent_start)) });
      case 'exec':
      case 'alive': {
        const { harness } = this.#known.get(id) ?? {};
        return this.#add(id, {
          ...(record.exe !== undefined && { executable: record.exe }),
          ...(record.argv && { args: record.argv, commandLine: record.argv.join(' ') }),
          ...(record.cwd !== undefined && { workingDirectory: record.cwd }),
          ...(harness && { harness }),
        });
      }
      case 'exit':
        this.#ended.add(id);
        return this.#known.get(id);
      default:
        return this.#known.get(id);
    }
  }

  #add(id: string, process: KnownProcess): KnownProcess {
    this.#known.set(id, process);
    if (this.#known.size > limit) {
      const [oldest] = this.#ended;
      if (oldest !== undefined) {
        this.#ended.delete(oldest);
        this.#known.delete(oldest);
      }
    }
    return process;
  }
}

/** Stable over the life of a process: host pid and start, unique on one kernel since boot. */
export const entityId = (pid: number, start: string): string => `${pid}-${start}`;
