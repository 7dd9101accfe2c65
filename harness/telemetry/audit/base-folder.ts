// The folder below which a system call looks for a relative name: the working directory, or one that it names by a
// descriptor, of which audit says no more than the number.

import type { AuditEvent } from './event.ts';

/** Of each call that takes descriptors of folders, their arguments: of its only path, or of the old and the new one. */
const descriptors: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...`openat openat2 mkdirat mknodat unlinkat fchmodat fchmodat2 fchownat futimesat utimensat utimensat_time64 newfstatat
    fstatat64 statx faccessat faccessat2 readlinkat execveat name_to_handle_at open_tree open_tree_attr fspick
    mount_setattr setxattrat getxattrat listxattrat removexattrat file_getattr file_setattr`
    .split(/\s+/)
    .map((call): [string, number[]] => [call, [0]]),
  ...['renameat', 'renameat2', 'linkat', 'move_mount'].map((call): [string, number[]] => [call, [0, 2]]),
  // The other name of a symbolic link is text, and no path of the call.
  ['symlinkat', [1]],
]);

/** What a path was to its call: the one that was there, or the one that it makes. */
export type PathSide = 'old' | 'new' | undefined;

/**
 * The folder below which the call looked for a relative name.
 * @param side for calls with two names; undefined where the record does not tell which of them it is
 * @returns undefined where audit does not say which folder it was
 */
export function baseFolder({ data, operation, process }: AuditEvent, side: PathSide): string | undefined {
  const used = descriptors.get(operation ?? '') ?? [];
  const asked = used.length < 2 || side === undefined ? used : [used[side === 'old' ? 0 : 1] as number];
  return asked.every((argument) => isWorkingDirectory(data.get(`a${argument}`))) ? process.cwd : undefined;
}

/**
 * AT_FDCWD, -100. The kernel takes an int: of 64 bits the upper half is what the program left in the register.
 * @source linux/fcntl.h
 */
const isWorkingDirectory = (register: string | undefined): boolean =>
  register !== undefined && /^[0-9a-f]*$/i.test(register) && register.slice(-8).toLowerCase() === 'ffffff9c';
