// From the sensor's records of one target to ECS events. Pure: no clock, no target, no file; what it remembers is
// the process table.

import type { EcsEvent, FileFields, GroupFields, ProcessFields, UserFields } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';
import { actionOf, outcomeOf } from './actions.ts';
import { errorName } from './errno.ts';
import { entityId, type KnownProcess, ProcessTable } from './process-table.ts';
import type { PathFact, RawIdentity, RawInode, RawRecord } from './raw.ts';

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
  #accounts: Accounts = noAccounts;
  readonly #processes = new ProcessTable();
  /** Fields of a process as its last event had them: most events of a process share them. */
  #fields = new WeakMap<KnownProcess, { record: RawRecord; fields: ProcessFields }>();
  readonly #users = new Map<number, Account>();
  readonly #groups = new Map<number, Account>();
  readonly #options: MapperOptions;
  readonly #host: NonNullable<EcsEvent['host']>;
  readonly #bootNanoseconds: bigint;

  constructor(options: MapperOptions) {
    this.#options = options;
    const name = options.targetId.slice(0, 12);
    this.#host = { id: options.targetId, name, hostname: name, os: { type: 'linux' } };
    this.#bootNanoseconds = nanosecondsOf(options.bootTime);
  }

  /** Names for the ids from now on: the target's tables were read, or read again. */
  useAccounts(accounts: Accounts): void {
    this.#accounts = accounts;
    this.#fields = new WeakMap();
    this.#users.clear();
    this.#groups.clear();
  }

  /** The event of a record; an exchange of two names gives two, one for each. */
  map(record: RawRecord): EcsEvent[] {
    const known = this.#observe(record);
    const event = this.#event(record, known);
    if (record.op !== 'rename' || !(record.flags & renameExchange) || record.ret < 0) return [event];
    // The inode in the record is the one that now carries the second name.
    const { inode, mode, owner, owner_group, size, fs, ...names } = record;
    const file = this.#file({ ...names, path: record.path2, path2: record.path });
    const id = `${event.event.id}-back`;
    return [event, { ...event, event: { ...event.event, id }, ...(file && { file }) }];
  }

  #observe(record: RawRecord): KnownProcess | undefined {
    const known = this.#processes.observe(record);
    if (known && record.op === 'exec' && record.argv && this.#options.isHarness?.(record.argv))
      known.harness = true;
    return known;
  }

  #event(record: RawRecord, known: KnownProcess | undefined): EcsEvent {
    const { category, type, action } = actionOf(record);
    const outcome = outcomeOf(record);
    const file = this.#file(record);
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
        outcome,
        dataset: `atomclock.${category}`,
        provider: 'ebpf',
      },
      ...(outcome === 'failure' && 'ret' in record && { error: { code: errorName(record.ret) } }),
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
        mount_namespace: record.mntns,
        ...(record.cgroup !== undefined && { cgroup: record.cgroup }),
        ...(known?.harness && { harness: true }),
        ...extrasOf(record),
      },
    };
  }

  #process(record: RawRecord, known: KnownProcess | undefined): ProcessFields {
    if (!known || record.op === 'exit' || record.op === 'exec_failed') return this.#newProcess(record, known);
    const last = this.#fields.get(known);
    if (last && sharedMembers.every((member) => record[member] === last.record[member])) return last.fields;
    const fields = this.#newProcess(record, known);
    this.#fields.set(known, { record, fields });
    return fields;
  }

  #newProcess(record: RawRecord, known: KnownProcess | undefined): ProcessFields {
    // A process that ends has no executable any more on kernels before 6.16: the one that it had is remembered.
    const executable = executableOf(record.exe, record.exe_facts) ?? known?.executable;
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

  #file(record: RawRecord): FileFields | undefined {
    if (!('path' in record) || record.path === undefined) return undefined;
    return {
      ...namesOf(isTwoNamed(record) ? record.path2 : record.path),
      ...(isRename(record) && { Ext: { original: originalOf(record.path) } }),
      ...linkOf(record),
      ...('mode' in record && this.#inode(record)),
    };
  }

  #inode(record: RawInode): Partial<FileFields> {
    if (record.mode === undefined) return {};
    const mode = Number.parseInt(record.mode, 8);
    const type = fileTypes[mode & 0o170000];
    const { users, groups } = this.#accounts;
    const uid = String(record.owner);
    const gid = String(record.owner_group);
    const owner = users.get(uid);
    const group = groups.get(gid);
    return {
      ...(type && { type }),
      ...(record.inode !== undefined && { inode: record.inode }),
      mode: (mode & 0o7777).toString(8).padStart(4, '0'),
      ...(record.size !== undefined && { size: record.size }),
      uid,
      gid,
      ...(owner !== undefined && { owner }),
      ...(group !== undefined && { group }),
    };
  }

  #userOf(id: number): Account {
    return named(this.#users, id, this.#accounts.users);
  }

  #groupOf(id: number): Account {
    return named(this.#groups, id, this.#accounts.groups);
  }

  /** ISO time of a moment given as nanoseconds since boot. */
  #startOf(sinceBoot: string): string {
    const at = this.#bootNanoseconds + BigInt(sinceBoot);
    return isoTime(`${at / 1_000_000_000n}.${String(at % 1_000_000_000n).padStart(9, '0')}`);
  }
}

type Account = UserFields & GroupFields;

/** Id and name; the same object every time, for events are many and accounts few. */
function named(made: Map<number, Account>, id: number, names: ReadonlyMap<string, string>): Account {
  const known = made.get(id);
  if (known) return known;
  const name = names.get(String(id));
  const account = name === undefined ? { id: String(id) } : { id: String(id), name };
  made.set(id, account);
  return account;
}

/* ---- process ---- */

/** While these stay the same, so do the fields of a process that has executed nothing else. */
const sharedMembers = [
  'euid',
  'uid',
  'suid',
  'egid',
  'gid',
  'sgid',
  'loginuid',
  'ns_tid',
  'comm',
  'exe',
  'ppid',
  'parent_start',
  'parent_exe',
] as const satisfies readonly (keyof RawIdentity)[];

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

type TwoNamed = RawRecord & { path: string; path2: string };

/** Whether the event is about the second of two names: the new one. */
const isTwoNamed = (record: RawRecord): record is TwoNamed =>
  'path2' in record && record.path2 !== undefined && record.op !== 'mount';

const isRename = (record: RawRecord): boolean =>
  record.op === 'rename' || (record.op === 'io_uring' && record.call === 'rename');

function linkOf(record: RawRecord): { target_path?: string } {
  if ('target' in record && record.target !== undefined) return { target_path: record.target };
  const isLink = record.op === 'link' || (record.op === 'io_uring' && record.call === 'link');
  return isLink ? { target_path: record.path } : {};
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
      return {
        ...facts,
        mount: { source: record.path2 ?? record.source, fstype: record.fstype, flags: record.flags },
      };
    case 'move_mount':
      // Moved from a path, or attached from a descriptor: then what it is within its own file system.
      return {
        ...facts,
        mount: { source: record.raw ? record.path : record.source, fstype: record.fs, flags: record.flags },
      };
    case 'exec':
      return {
        filename: record.filename,
        ...(record.interpreter !== undefined && { interpreter: record.interpreter }),
        ...(record.argv_truncated && { args_truncated: true }),
      };
    case 'exit':
      return record.signal ? { signal: record.signal } : {};
    case 'io_uring':
      return { ...facts, io_uring: true };
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
