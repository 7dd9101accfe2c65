// The processes of one target as the records have shown them: what a record about a file cannot say of its actor.

import type { RawRecord } from './raw.ts';

export interface KnownProcess {
  readonly entityId: string;
  /** In the target. */
  readonly pid: number;
  /** As its last record had them. */
  comm: string;
  euid: number;
  interactive: boolean;
  executable?: string;
  args?: readonly string[];
  commandLine?: string;
  workingDirectory?: string;
}

/** Ended processes are kept for their children's sake, until this many processes are known. */
const limit = 32_768;

export class ProcessTable {
  readonly #known = new Map<string, KnownProcess>();
  /** By pid of the host: the entity id of the last one that had it. */
  readonly #holders = new Map<number, string>();
  /** Oldest first. */
  readonly #ended = new Set<string>();

  get(entityId: string): KnownProcess | undefined {
    return this.#known.get(entityId);
  }

  /** The process that has this pid of the host, or had it last. */
  holderOf(pid: number): KnownProcess | undefined {
    return this.#known.get(this.#holders.get(pid) ?? '');
  }

  /** Takes in a record and gives the process that it is about. */
  observe(record: RawRecord): KnownProcess | undefined {
    const known = this.#take(record);
    return known && Object.assign(known, latestOf(record));
  }

  #take(record: RawRecord): KnownProcess | undefined {
    const id = entityId(record.pid, record.start);
    switch (record.op) {
      case 'fork':
        return this.#add(record, { ...this.#known.get(entityId(record.ppid, record.parent_start)) });
      case 'exec':
      case 'alive':
        return this.#add(record, {
          ...(record.exe !== undefined && { executable: record.exe }),
          ...(record.argv && { args: record.argv, commandLine: record.argv.join(' ') }),
          ...(record.cwd !== undefined && { workingDirectory: record.cwd }),
        });
      case 'exit':
        this.#ended.add(id);
        return this.#known.get(id);
      default:
        return this.#known.get(id);
    }
  }

  #add(record: RawRecord, facts: Partial<KnownProcess>): KnownProcess {
    const { pid, ns_pid, start } = record;
    const id = entityId(pid, start);
    const process = { ...facts, entityId: id, pid: ns_pid, ...latestOf(record) };
    this.#known.set(id, process);
    this.#holders.set(pid, id);
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

const latestOf = ({ comm, euid, interactive }: RawRecord) => ({
  comm,
  euid,
  interactive: interactive === true,
});

/** Stable over the life of a process: host pid and start, unique on one kernel since boot. */
export const entityId = (pid: number, start: string): string => `${pid}-${start}`;
