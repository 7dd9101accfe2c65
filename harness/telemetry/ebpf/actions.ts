// What each operation is called in ECS: the whole mapping, in one table.
//
// Values are those of Elastic Defend on Linux wherever it has one, since public rules are written for them:
// processes `exec`, `fork`, `end`, `already_running`; files `creation`, `modification`, `rename`, `deletion`, `open`.
//
// - A new name is a `creation`, whatever made it: open, mkdir, link, symlink, mknod.
// - A file that existed is told as a `modification` with its first write, not at its close: a writer may never
//   close it. Truncation is a `modification`, too.
// - The close after a change says that the content is complete. It is `info`, action `close`: the creation or the
//   modification was told already. Only a change that no call announced (asynchronous input and output, a reflink)
//   is told at the close.
// - What was refused did not happen, and must not look as if it had to a rule that does not read the outcome: its
//   action ends in `-attempt`, its type is `info`, its outcome `failure`, and `error.code` says why.
// - What was handed to io_uring is such an attempt with the outcome `unknown`: the sensor sees it asked, not done.
// - Mounts change what a path means: `change` of the mountpoint, action `mount` or `umount`.

import type { RawRecord } from './raw.ts';

export interface EcsAction {
  category: 'process' | 'file';
  type: 'start' | 'end' | 'info' | 'creation' | 'change' | 'deletion' | 'access';
  action: string;
}

const actions: Readonly<Record<Exclude<RawRecord['op'], 'io_uring'>, EcsAction>> = {
  exec: { category: 'process', type: 'start', action: 'exec' },
  exec_failed: { category: 'process', type: 'start', action: 'exec' },
  fork: { category: 'process', type: 'start', action: 'fork' },
  exit: { category: 'process', type: 'end', action: 'end' },
  alive: { category: 'process', type: 'info', action: 'already_running' },
  create: { category: 'file', type: 'creation', action: 'creation' },
  open_write: { category: 'file', type: 'access', action: 'open' },
  write: { category: 'file', type: 'change', action: 'modification' },
  close_write: { category: 'file', type: 'change', action: 'modification' },
  rename: { category: 'file', type: 'change', action: 'rename' },
  unlink: { category: 'file', type: 'deletion', action: 'deletion' },
  rmdir: { category: 'file', type: 'deletion', action: 'deletion' },
  mkdir: { category: 'file', type: 'creation', action: 'creation' },
  symlink: { category: 'file', type: 'creation', action: 'creation' },
  link: { category: 'file', type: 'creation', action: 'creation' },
  mknod: { category: 'file', type: 'creation', action: 'creation' },
  chmod: { category: 'file', type: 'change', action: 'permissions' },
  chown: { category: 'file', type: 'change', action: 'ownership' },
  truncate: { category: 'file', type: 'change', action: 'modification' },
  mount: { category: 'file', type: 'change', action: 'mount' },
  umount: { category: 'file', type: 'change', action: 'umount' },
  move_mount: { category: 'file', type: 'change', action: 'mount' },
  pivot_root: { category: 'process', type: 'change', action: 'pivot_root' },
  chroot: { category: 'process', type: 'change', action: 'chroot' },
  foreign_abi: { category: 'process', type: 'info', action: 'foreign_abi' },
};

/** The sensor's operations that have an action of their own. */
export const operationNames: readonly string[] = Object.keys(actions);

const contentComplete: EcsAction = { category: 'file', type: 'info', action: 'close' };

export type Outcome = 'success' | 'failure' | 'unknown';

/** Whether the kernel did it. */
export function outcomeOf(record: RawRecord): Outcome {
  if (record.op === 'io_uring') return 'unknown';
  return 'ret' in record && record.ret < 0 ? 'failure' : 'success';
}

/** The action of a record, its outcome taken into account. */
export function actionOf(record: RawRecord): EcsAction {
  const { category, type, action } = actions[record.op === 'io_uring' ? record.call : record.op];
  if (outcomeOf(record) !== 'success') return { category, type: 'info', action: `${action}-attempt` };
  const isComplete = record.op === 'close_write' && (record.created || record.told);
  return isComplete ? contentComplete : { category, type, action };
}
