// From the sensor's records of one target to ECS events. Pure: no clock, no target, no file; what it remembers is
// the process table.
//
// | ECS field                          | from                                                                        |
// |------------------------------------|-----------------------------------------------------------------------------|
// | event.category, .type, .action     | op and ret (actions.ts); event.outcome and error.code from ret              |
// | process.entity_id, .start          | pid of the host and start                                                   |
// | process.pid, .thread.id            | ns_pid, ns_tid                                                              |
// | process.executable, .name          | exe; comm where there is none                                               |
// | process.args, .args_count, .command_line, .working_directory | argv and cwd of its last exec, remembered         |
// | process.user, .real_user, .saved_user (and groups), .attested_user | euid, uid, suid (egid, gid, sgid), loginuid |
// | process.session_leader, .group_leader | session, process_group, where the leader was seen                        |
// | process.interactive, .tty          | interactive, tty_major and tty_minor                                        |
// | process.parent.*                   | ppid, parent_start, parent_exe; the rest as remembered of it                |
// | process.end, .exit_code            | time, exit_code, signal                                                     |
// | process.Ext.attempt                | path and argv of a program that could not be started                        |
// | file.*                             | path; path2 for renames and links, path then in .Ext.original, .target_path |
// | file.Ext.original.mode, .uid, .gid | old_mode, old_owner, old_owner_group of a change of mode or owner            |
// | user.*, group.*                    | euid and egid; uid and gid in .Ext.real; loginuid in user.audit             |
// | host.*, container.id               | the target                                                                  |
// | atomclock.*                        | what ECS has no field for (extras.ts)                                       |

import type { EcsEvent, GroupFields } from '../../model/event.ts';
import type { Accounts } from '../accounts.ts';
import { AccountNames } from './account-names.ts';
import { actionOf, outcomeOf } from './actions.ts';
import { errorName } from './errno.ts';
import { extrasOf } from './extras.ts';
import { fileFields } from './file-fields.ts';
import { ProcessMapper } from './process-fields.ts';
import { type KnownProcess, ProcessTable } from './process-table.ts';
import type { RawRecord } from './raw.ts';
import { isoTime } from './time.ts';

export interface MapperOptions {
  /** Of the container. */
  targetId: string;
  /** When the kernel booted, `seconds.nanoseconds` since 1970. */
  bootTime: string;
}

/** Maps the records of one target in their order. */
export class EcsMapper {
  readonly #options: MapperOptions;
  readonly #host: NonNullable<EcsEvent['host']>;
  readonly #table = new ProcessTable();
  readonly #names = new AccountNames();
  readonly #processes: ProcessMapper;

  constructor(options: MapperOptions) {
    this.#options = options;
    const name = options.targetId.slice(0, 12);
    this.#host = { id: options.targetId, name, hostname: name, os: { type: 'linux' } };
    this.#processes = new ProcessMapper(this.#table, this.#names, options.bootTime);
  }

  /** Names for the ids from now on: the target's tables were read, or read again. */
  useAccounts(accounts: Accounts): void {
    this.#names.use(accounts);
    this.#processes.forget();
  }

  /** The event of a record; an exchange of two names gives two, one for each. */
  map(record: RawRecord): EcsEvent[] {
    const event = this.#event(record, this.#table.observe(record));
    if (record.op !== 'rename' || !(record.flags & renameExchange) || record.ret < 0) return [event];
    // The inode in the record is the one that now carries the second name.
    const { inode, mode, owner, owner_group, size, fs, ...names } = record;
    const file = fileFields({ ...names, path: record.path2, path2: record.path }, this.#names);
    const id = `${event.event.id}-back`;
    return [event, { ...event, event: { ...event.event, id }, ...(file && { file }) }];
  }

  #event(record: RawRecord, known: KnownProcess | undefined): EcsEvent {
    const { category, type, action } = actionOf(record);
    const outcome = outcomeOf(record);
    const file = fileFields(record, this.#names);
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
      ...('ret' in record && record.ret < 0 && { error: { code: errorName(record.ret) } }),
      process: this.#processes.fields(record, known),
      ...(file && { file }),
      user: {
        ...this.#names.user(record.euid),
        Ext: { real: this.#names.user(record.uid) },
        ...(record.loginuid >= 0 && { audit: this.#names.user(record.loginuid) }),
      },
      group: {
        ...this.#names.group(record.egid),
        Ext: { real: this.#names.group(record.gid) },
      } as GroupFields,
      host: this.#host,
      container: { id: this.#options.targetId },
      atomclock: {
        sensor: 'ebpf',
        sequence: record.target_seq,
        host_pid: record.pid,
        parent_host_pid: record.ppid,
        mount_namespace: record.mntns,
        ...(record.cgroup !== undefined && { cgroup: record.cgroup }),
        ...(record.sessionid >= 0 && { session_id: record.sessionid }),
        ...extrasOf(record),
      },
    };
  }
}

/** RENAME_EXCHANGE */
const renameExchange = 2;
