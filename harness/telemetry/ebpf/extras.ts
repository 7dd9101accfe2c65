// What a record says for which ECS has no field: members of `atomclock` in the event.

import type { RawRecord } from './raw.ts';

/** Facts of one record beyond ECS; empty for most. */
export function extrasOf(record: RawRecord): Record<string, unknown> {
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
    case 'alive':
      return record.argv_truncated ? { args_truncated: true } : {};
    case 'exit':
      return record.signal ? { signal: record.signal } : {};
    case 'rename':
      return { ...facts, ...(record.flags & renameExchange && { exchange: true }) };
    case 'io_uring':
      return { ...facts, io_uring: true };
    case 'exec_failed':
    case 'fork':
    case 'foreign_abi':
    case 'write':
    case 'close_write':
    case 'unlink':
    case 'rmdir':
    case 'symlink':
    case 'link':
    case 'truncate':
    case 'umount':
    case 'pivot_root':
    case 'chroot':
      return { ...facts };
  }
}

/** RENAME_EXCHANGE of renameat2(2): each of the two names gets what the other had. */
const renameExchange = 2;
