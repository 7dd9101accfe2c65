// From the sensor's records of one target to ECS events. Pure: no clock, no target, no file; what it remembers is
// the process table.

import type { EcsEvent, FileFields, GroupFields, ProcessFields, UserFields } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';
import { actionOf, hasFailed } from './actions.ts';
import { errorName } from './errno.ts';
import { entityId, type KnownProcess, ProcessTable } from './process-table.ts';
import type { PathFact, RawRecord } from './raw.ts';

export interface MapperOptions {
  /** Of the container. */
  targetId: string;
  /** When the kernel booted, `seconds.nanoseconds` since 1970. */
  bootTime: string;
  /** Whether these are the arguments of a process that the harness itself started. */
  isHarness?: (argv: readonly string[]) => boolean;
}

/** Maps the records of one target in their order. */
export class EcsMapper {
  /** Names for the ids; replaced when the target's tables change. */
  accounts: Accounts = noAccounts;
  readonly #processes = new ProcessTable();
  readonly #options: MapperOptions;
  readonly #host: NonNullable<EcsEvent['host']>;
  readonly #bootNanoseconds: bigint;

  constructor(options: MapperOptions) {
    this.#options = options;
    const name = options.targetId.slice(0, 12);
    this.#host = { id: options.targetId, name, hostname: name, os: { type: 'linux' } };
    this.#bootNanoseconds = nanosecondsOf(options.bootTime);
  }

  /** The event of a record; an exchange of two names gives two, one for each. */
  map(record: RawRecord): EcsEvent[] {
    const known = this.#observe(record);
    const event = this.#event(record, known);
    if (record.op !== 'rename' || !(record.flags & renameExchange) || hasFailed(record)) return [event];
    const back = { ...record, path: record.path2, path2: record.path };
    const file = fileOf(back);
    return [
      event,
      { ...event, event: { ...event.event, id: `${event.event.id}-back` }, ...(file && { file }) },
    ];
  }

  #observe(record: RawRecord): KnownProcess | undefined {
    const known = this.#processes.observe(record);
    if (known && record.op === 'exec' && record.argv && this.#options.isHarness?.(record.argv))
      known.harness = true;
    return known;
  }

  #event(record: RawRecord, known: KnownProcess | undefined): EcsEvent {
    const { category, type, action } = actionOf(record);
    const failed = hasFailed(record);
    const file = fileOf(record);
    const process = this.#process(record, known);
    const user = this.#userOf(record.euid);
    const group = this.#groupOf(record.egid);
    return {
      '@timestamp': isoTime(record.time),
      event: {
        id: `ebpf-${record.target_seq}`,
        kind: 'event',
        category: [category],
        type: [type],
        action,
        outcome: failed ? 'failure' : 'success',
        dataset: `atomclock.${category}`,
        provider: 'ebpf',
      },
      ...(failed && 'ret' in record && { error: { code: errorName(record.ret) } }),
      process,
      ...(file && { file }),
      user: { ...user, Ext: { real: this.#userOf(record.uid) } },
      group: { ...group, Ext: { real: this.#groupOf(record.gid) } } as GroupFields,
      host: this.#host,
      container: { id: this.#options.targetId },
      atomclock: {
        sensor: 'ebpf',
        sequence: record.target_seq,
        host_pid: record.pid,
        parent_host_pid: record.ppid,
        ...(record.cgroup !== undefined && { cgroup: record.cgroup }),
        ...(known?.harness && { harness: true }),
        ...extrasOf(record),
      },
    };
  }

  #process(record: RawRecord, known: KnownProcess | undefined): ProcessFields {
    const executable = executableOf(record.exe, record.exe_facts);
    return {
      entity_id: entityId(record.pid, record.start),
      pid: record.ns_pid,
      name: executable === undefined ? record.comm : baseName(executable),
      ...(executable !== undefined && { executable }),
      ...argumentsOf(known),
      start: this.#startOf(record.start),
      ...endingOf(record),
      user: this.#userOf(record.euid),
      real_user: this.#userOf(record.uid),
      saved_user: this.#userOf(record.suid),
      group: this.#groupOf(record.egid),
      real_group: this.#groupOf(record.gid),
      saved_group: this.#groupOf(record.sgid),
      ...(record.loginuid >= 0 && { attested_user: this.#userOf(record.loginuid) }),
      thread: { id: record.ns_tid },
      parent: this.#parent(record),
      ...attemptOf(record),
    };
  }

  #parent(record: RawRecord): ProcessFields {
    const id = entityId(record.ppid, record.parent_start);
    const executable = executableOf(record.parent_exe, record.parent_exe_facts);
    return {
      entity_id: id,
      pid: record.ns_ppid,
      name: executable === undefined ? record.parent_comm : baseName(executable),
      ...(executable !== undefined && { executable }),
      ...argumentsOf(this.#processes.get(id)),
      start: this.#startOf(record.parent_start),
    };
  }

  #userOf(id: number): UserFields {
    const name = this.accounts.users.get(String(id));
    return name === undefined ? { id: String(id) } : { id: String(id), name };
  }

  #groupOf(id: number): GroupFields {
    const name = this.accounts.groups.get(String(id));
    return name === undefined ? { id: String(id) } : { id: String(id), name };
  }

  /** ISO time of a moment given as nanoseconds since boot. */
  #startOf(sinceBoot: string): string {
    const at = this.#bootNanoseconds + BigInt(sinceBoot);
    return isoTime(`${at / 1_000_000_000n}.${String(at % 1_000_000_000n).padStart(9, '0')}`);
  }
}

/* ---- process ---- */

function argumentsOf(known: KnownProcess | undefined): Partial<ProcessFields> {
  if (!known) return {};
  const { args, commandLine, workingDirectory } = known;
  return {
    ...(args && { args: args as string[], args_count: args.length }),
    ...(commandLine !== undefined && { command_line: commandLine }),
    ...(workingDirectory !== undefined && { working_directory: workingDirectory }),
  };
}

function endingOf(record: RawRecord): Partial<ProcessFields> {
  if (record.op !== 'exit') return {};
  const { exit_code, signal } = record;
  // A process that a signal ended has no code of its own; shells and Elastic Defend give 128 and the signal.
  return { end: isoTime(record.time), exit_code: signal ? 128 + signal : exit_code };
}

/** A program that could not be started is not the process's own: it stands apart from `process.executable`. */
function attemptOf(record: RawRecord): Partial<ProcessFields> {
  if (record.op !== 'exec_failed') return {};
  const args = record.argv ?? [];
  return { Ext: { attempt: { executable: record.path, args, command_line: args.join(' ') } } };
}

/** As the kernel's own link to the executable reads: a program without a directory entry is marked deleted. */
function executableOf(path: string | undefined, facts: readonly PathFact[] | undefined): string | undefined {
  if (path === undefined || !facts?.includes('detached')) return path;
  return path === '/' ? undefined : `${path} (deleted)`;
}

/* ---- file ---- */

const renameExchange = 2;

type FileRecord = Extract<RawRecord, { path: string }>;

function fileOf(record: RawRecord): FileFields | undefined {
  if (!('path' in record) || record.path === undefined) return undefined;
  const renamed = record.op === 'rename' || record.op === 'link' || record.op === 'move_mount';
  const path = renamed ? record.path2 : record.path;
  return {
    ...namesOf(path),
    ...(record.op === 'rename' && { Ext: { original: originalOf(record.path) } }),
    ...(record.op === 'link' && { target_path: record.path }),
    ...(record.op === 'symlink' && { target_path: record.target }),
    ...inodeOf(record),
  };
}

function namesOf(path: string): Pick<FileFields, 'path' | 'name' | 'directory'> {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const extension = extensionOf(name);
  return {
    path,
    name,
    directory: slash <= 0 ? '/' : path.slice(0, slash),
    ...(extension !== undefined && { extension }),
  };
}

function originalOf(path: string): { path: string; name: string; extension?: string } {
  const { name, extension } = namesOf(path) as FileFields;
  return { path, name, ...(extension !== undefined && { extension }) };
}

function extensionOf(name: string): string | undefined {
  const dot = name.lastIndexOf('.');
  return dot > 0 && dot < name.length - 1 ? name.slice(dot + 1) : undefined;
}

function inodeOf(record: FileRecord): Partial<FileFields> {
  if (record.mode === undefined) return {};
  const mode = Number.parseInt(record.mode, 8);
  const type = fileTypes[mode & 0o170000];
  return {
    ...(type && { type }),
    ...(record.inode !== undefined && { inode: record.inode }),
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
    ...(record.size !== undefined && { size: record.size }),
  };
}

const fileTypes: Readonly<Record<number, NonNullable<FileFields['type']>>> = {
  16807: 'file',
  9604: 'dir',
  21609: 'symlink',
  14406: 'device',
  4802: 'device',
  2401: 'pipe',
  26411: 'socket',
};

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/* ---- what ECS has no place for ---- */

function extrasOf(record: RawRecord): Record<string, unknown> {
  const facts = 'path_facts' in record && record.path_facts ? { path_facts: record.path_facts } : undefined;
  switch (record.op) {
    case 'create':
    case 'open_write':
      return { ...facts, open_flags: record.flags };
    case 'chmod':
    case 'mkdir':
    case 'mknod':
      return { ...facts, requested_mode: record.new_mode };
    case 'chown':
      return { ...facts, new_uid: record.new_uid, new_gid: record.new_gid };
    case 'mount':
      return { ...facts, mount: { source: record.target, fstype: record.fstype, flags: record.flags } };
    case 'move_mount':
      return { ...facts, mount: { source: record.path, flags: record.flags } };
    case 'exec':
      return {
        filename: record.filename,
        ...(record.interpreter !== undefined && { interpreter: record.interpreter }),
        ...(record.argv_truncated && { args_truncated: true }),
      };
    case 'exit':
      return record.signal ? { signal: record.signal } : {};
    default:
      return { ...facts };
  }
}

/* ---- time ---- */

let lastSecond = '';
let lastSecondIso = '';

/** `2026-11-21T19:53:08.585494954Z`; records of one second come together, so its text is kept. */
function isoTime(time: string): string {
  const dot = time.indexOf('.');
  const second = time.slice(0, dot);
  if (second !== lastSecond) {
    lastSecond = second;
    lastSecondIso = new Date(Number(second) * 1000).toISOString().slice(0, 19);
  }
  return `${lastSecondIso}.${time.slice(dot + 1)}Z`;
}

function nanosecondsOf(time: string): bigint {
  const [seconds = '0', fraction = '0'] = time.split('.');
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction);
}
