// `process` of an event: what the record says of its actor, and what earlier records have shown of it.

import type { ProcessFields } from '../../model/event.ts';
import type { AccountNames } from './account-names.ts';
import { entityId, type KnownProcess, type ProcessTable } from './process-table.ts';
import type { PathFact, RawIdentity, RawRecord } from './raw.ts';
import { isoTime, sinceBoot } from './time.ts';

export class ProcessMapper {
  readonly #table: ProcessTable;
  readonly #names: AccountNames;
  readonly #startOf: (nanoseconds: string) => string;
  /** Fields of a process as its last event had them: most events of a process share them. */
  #last = new WeakMap<KnownProcess, { record: RawRecord; fields: ProcessFields }>();

  /** @param bootTime `seconds.nanoseconds` since 1970 */
  constructor(table: ProcessTable, names: AccountNames, bootTime: string) {
    this.#table = table;
    this.#names = names;
    this.#startOf = sinceBoot(bootTime);
  }

  /** The names have changed: nothing that was made with the old ones is given again. */
  forget(): void {
    this.#last = new WeakMap();
  }

  fields(record: RawRecord, known: KnownProcess | undefined): ProcessFields {
    if (!known || record.op === 'exit' || record.op === 'exec_failed') return this.#make(record, known);
    const last = this.#last.get(known);
    if (last && sharedMembers.every((member) => record[member] === last.record[member])) return last.fields;
    const fields = this.#make(record, known);
    this.#last.set(known, { record, fields });
    return fields;
  }

  #make(record: RawRecord, known: KnownProcess | undefined): ProcessFields {
    const names = this.#names;
    // A process that ends has no executable any more on kernels before 6.16: the one that it had is remembered.
    const executable = executableOf(record.exe, record.exe_facts) ?? known?.executable;
    const session = this.#leader(record.session, record);
    const group = this.#leader(record.process_group, record);
    return {
      entity_id: entityId(record.pid, record.start),
      pid: record.ns_pid,
      ...programOf(executable, record.comm),
      ...argumentsOf(known),
      start: this.#startOf(record.start),
      ...endingOf(record),
      user: names.user(record.euid),
      real_user: names.user(record.uid),
      saved_user: names.user(record.suid),
      group: names.group(record.egid),
      real_group: names.group(record.gid),
      saved_group: names.group(record.sgid),
      ...(record.loginuid >= 0 && { attested_user: names.user(record.loginuid) }),
      thread: { id: record.ns_tid },
      ...terminalOf(record),
      ...(session && { session_leader: session }),
      ...(group && { group_leader: group }),
      parent: this.#parent(record),
      ...attemptOf(record),
    };
  }

  /** The leader of a session or of a process group, by its pid on the host; undefined outside of the target. */
  #leader(pid: number | undefined, record: RawRecord): ProcessFields | undefined {
    const leader = pid === undefined ? undefined : this.#table.holderOf(pid);
    return (
      leader && {
        entity_id: leader.entityId,
        pid: leader.pid,
        ...programOf(leader.executable, leader.comm),
        same_as_process: pid === record.pid,
      }
    );
  }

  #parent(record: RawRecord): ProcessFields {
    const id = entityId(record.ppid, record.parent_start);
    const known = this.#table.get(id);
    return {
      entity_id: id,
      pid: record.ns_ppid,
      ...programOf(executableOf(record.parent_exe, record.parent_exe_facts), record.parent_comm),
      ...argumentsOf(known),
      start: this.#startOf(record.parent_start),
      ...(known && { user: this.#names.user(known.euid) }),
      ...(known && record.session !== undefined && { interactive: known.interactive }),
    };
  }
}

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
  'session',
  'process_group',
  'interactive',
  'comm',
  'exe',
  'ppid',
  'parent_start',
  'parent_exe',
] as const satisfies readonly (keyof RawIdentity)[];

/** As the kernel's own link to the executable reads: a program without a directory entry is marked deleted. */
function executableOf(path: string | undefined, facts: readonly PathFact[] | undefined): string | undefined {
  if (path === undefined || !facts?.includes('detached')) return path;
  return path === '/' ? undefined : `${path} (deleted)`;
}

/** @param comm stands in for the name where the executable is not known */
function programOf(executable: string | undefined, comm: string): { name: string; executable?: string } {
  if (executable === undefined) return { name: comm };
  return { name: executable.slice(executable.lastIndexOf('/') + 1), executable };
}

function argumentsOf(known: KnownProcess | undefined): Partial<ProcessFields> {
  if (!known) return {};
  const { args, commandLine, workingDirectory } = known;
  return {
    ...(args && { args: args as string[], args_count: args.length }),
    ...(commandLine !== undefined && { command_line: commandLine }),
    ...(workingDirectory !== undefined && { working_directory: workingDirectory }),
  };
}

/** ECS calls a process interactive that talks with the terminal of its session. */
function terminalOf({ session, interactive, tty_major, tty_minor }: RawRecord): Partial<ProcessFields> {
  if (session === undefined) return {};
  return {
    interactive: interactive === true,
    ...(tty_major !== undefined && { tty: { char_device: { major: tty_major, minor: tty_minor } } }),
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
