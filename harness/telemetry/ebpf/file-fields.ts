// `file` of an event: the name that a record is about, what it was before, what it points at, what carries it.

import type { FileFields } from '../../model/event.ts';
import { pathFields } from '../path-fields.ts';
import type { AccountNames } from './account-names.ts';
import type { RawInode, RawRecord, RawStanding } from './raw.ts';

/** The file that a record is about; undefined when it is about none. */
export function fileFields(record: RawRecord, names: AccountNames): FileFields | undefined {
  if (!('path' in record)) return undefined;
  return {
    ...pathFields(isTwoNamed(record) ? record.path2 : record.path),
    ...(isRename(record) && { Ext: { original: originalOf(record.path) } }),
    ...('old_mode' in record && { Ext: { original: standingOf(record, names) } }),
    ...linkOf(record),
    ...('mode' in record && inodeOf(record, names)),
  };
}

type TwoNamed = RawRecord & { path: string; path2: string };

/** Whether the event is about the second of two names: the new one. */
const isTwoNamed = (record: RawRecord): record is TwoNamed =>
  'path2' in record && record.path2 !== undefined && record.op !== 'mount';

const isRename = (record: RawRecord): boolean =>
  record.op === 'rename' || (record.op === 'io_uring' && record.call === 'rename');

function linkOf(record: RawRecord & { path: string }): { target_path?: string } {
  if ('target' in record && record.target !== undefined) return { target_path: record.target };
  const isLink = record.op === 'link' || (record.op === 'io_uring' && record.call === 'link');
  return isLink ? { target_path: record.path } : {};
}

function originalOf(path: string): Omit<ReturnType<typeof pathFields>, 'directory'> {
  const { directory, ...original } = pathFields(path);
  return original;
}

function inodeOf(
  { mode: octal, inode, size, owner, owner_group }: RawInode,
  names: AccountNames,
): Partial<FileFields> {
  if (octal === undefined || owner === undefined || owner_group === undefined) return {};
  const type = fileTypes.get(Number.parseInt(octal, 8) & 0o170000);
  const { mode, ...owners } = ownersOf(octal, owner, owner_group, names);
  return {
    ...(type && { type }),
    ...(inode !== undefined && { inode }),
    mode,
    ...(size !== undefined && { size }),
    ...owners,
  };
}

function ownersOf(octal: string, owner: number, ownerGroup: number, names: AccountNames) {
  const user = names.user(owner);
  const group = names.group(ownerGroup);
  return {
    mode: (Number.parseInt(octal, 8) & 0o7777).toString(8).padStart(4, '0'),
    uid: user.id,
    gid: group.id,
    ...(user.name !== undefined && { owner: user.name }),
    ...(group.name !== undefined && { group: group.name }),
  };
}

/** Elastic Defend's names for what a file's mode and owner were. */
function standingOf({ old_mode, old_owner, old_owner_group }: RawStanding, names: AccountNames) {
  if (old_mode === undefined || old_owner === undefined || old_owner_group === undefined) return {};
  return ownersOf(old_mode, old_owner, old_owner_group, names);
}

const fileTypes: ReadonlyMap<number, NonNullable<FileFields['type']>> = new Map([
  [0o100000, 'file'],
  [0o040000, 'dir'],
  [0o120000, 'symlink'],
  [0o060000, 'device'],
  [0o020000, 'device'],
  [0o010000, 'pipe'],
  [0o140000, 'socket'],
]);
