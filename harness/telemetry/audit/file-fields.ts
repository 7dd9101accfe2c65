// `file` of an audit event: the PATH record of what the call was about, and no path where audit does not tell it.

import type { FileFields } from '../../model/event.ts';
import type { Accounts } from '../accounts.ts';
import { definedOnly } from '../defined.ts';
import { baseFolder, type PathSide } from './base-folder.ts';
import { type AuditEvent, isOperation } from './event.ts';
import { canonical, lastName, resolvePath } from './path.ts';

type PathRecord = ReadonlyMap<string, string>;

/**
 * The file that a system call was about. A relative name is joined to the working directory; below a folder that the call
 * named by a descriptor only its last part is known, and `path` and `directory` are left out. The names as they were
 * written stand in auditd.paths.
 * @returns undefined for calls that are about none, and where no record names it
 */
export function fileFields(audit: AuditEvent, accounts: Accounts): FileFields | undefined {
  const what = audit.normalization?.what;
  if ((what !== 'file' && what !== 'filesystem') || !isOperation(audit)) return undefined;
  const object = objectPath(audit);
  if (object?.get('name') === undefined) return undefined;
  const written = object.get('mode') ?? '';
  const mode = /^[0-7]{1,7}$/.test(written) ? written : undefined;
  const original = audit.normalization?.action === 'renamed' ? oldName(audit) : undefined;
  const owner = object.get('ouid');
  const group = object.get('ogid');
  return definedOnly({
    ...namesOf(audit, object),
    device: object.get('rdev'),
    inode: object.get('inode'),
    target_path: linkTarget(audit, object),
    mode: mode === undefined ? undefined : (Number.parseInt(mode, 8) & 0o7777).toString(8).padStart(4, '0'),
    type: fileType(mode),
    uid: owner,
    gid: group,
    owner: owner === undefined ? undefined : accounts.users.get(owner),
    group: group === undefined ? undefined : accounts.groups.get(group),
    selinux: context(object, 'obj_'),
    Ext: original && { original: namesOf(audit, original) },
  }) as FileFields;
}

/** What the path was to the call: PARENT, CREATE, DELETE, NORMAL. Red Hat 7 has its own word for the field. */
export const roleOf = (path: PathRecord): string | undefined => path.get('nametype') ?? path.get('objtype');

/** Calls that give something a name: what they made is the last one created, on overlays with its twin before it. */
const naming: ReadonlySet<string | undefined> = new Set(['renamed', 'linked', 'symlinked']);

/** The PATH record of the thing: the new name where one was given, else the first that is no parent folder. */
export function objectPath(audit: AuditEvent): PathRecord | undefined {
  const { paths, normalization } = audit;
  if (naming.has(normalization?.action)) {
    const created = paths.filter((path) => roleOf(path) === 'CREATE' && path.has('name'));
    // Two names that are exchanged are both created: the second gets what was the first, and is told as the new one.
    const old = normalization?.action === 'renamed' ? oldName(audit)?.get('name') : undefined;
    const last = created.findLast((path) => path.get('name') !== old) ?? created.at(-1);
    if (last) return last;
  }
  const index = normalization?.pathIndex ?? 0;
  const start = index < paths.length ? index : 0;
  // Of a call that failed, the kernel may not have got so far as to know what the name was to it.
  return (
    paths.slice(start).find(isThing) ??
    paths.find((path) => roleOf(path) === 'UNKNOWN' && path.has('name')) ??
    paths[start]
  );
}

const isThing = (path: PathRecord): boolean => {
  const role = roleOf(path);
  return role !== 'PARENT' && role !== 'UNKNOWN';
};

const oldName = ({ paths }: AuditEvent): PathRecord | undefined =>
  paths.find((path) => roleOf(path) === 'DELETE' && path.has('name'));

/** What a link leads to: a hard link's other name, which is a path; of a symbolic link its text, as written. */
function linkTarget(audit: AuditEvent, object: PathRecord): string | undefined {
  const action = audit.normalization?.action;
  if (action !== 'linked' && action !== 'symlinked') return undefined;
  const others = audit.paths.filter((path) => path !== object && roleOf(path) !== 'PARENT');
  const other =
    others.find((path) => action === 'linked' && roleOf(path) === 'NORMAL') ??
    others.find((path) => path.get('name') !== object.get('name'));
  const name = other?.get('name');
  if (name === undefined) return undefined;
  return action === 'linked' ? (resolvePath(name, baseFolder(audit, 'old')) ?? name) : canonical(name);
}

type Names = Partial<Pick<FileFields, 'path' | 'name' | 'directory' | 'extension'>>;

function namesOf(audit: AuditEvent, record: PathRecord): Names {
  const written = record.get('name') ?? '';
  const path = pathOf(audit, record, written);
  const name = path === '/' ? '' : lastName(path ?? written);
  const dot = name?.lastIndexOf('.') ?? -1;
  return definedOnly({
    path,
    name,
    directory: path === undefined ? undefined : path.slice(0, path.lastIndexOf('/')) || '/',
    extension: name !== undefined && dot > 0 && dot < name.length - 1 ? name.slice(dot + 1) : undefined,
  });
}

function pathOf(audit: AuditEvent, record: PathRecord, written: string): string | undefined {
  const role = roleOf(record);
  const base = baseFolder(audit, sideOf(audit, role));
  // Of a name without a folder the kernel writes the working directory as its parent, whatever folder was meant
  // (kernel/auditsc.c, audit_log_name).
  if (base === undefined && role === 'PARENT' && written === audit.process.cwd) return undefined;
  if (isBelowDescriptor(audit)) return base === undefined ? undefined : resolvePath(`./${written}`, base);
  return resolvePath(written, base);
}

/**
 * Whether the call took its folder for the root, of absolute names as well.
 * @source openat2(2), RESOLVE_IN_ROOT
 */
const isBelowDescriptor = ({ data, operation }: AuditEvent): boolean =>
  operation === 'openat2' && (Number(data.get('resolve') ?? 0) & 0x10) !== 0;

/** Which of a call's two names a record is of. */
function sideOf({ normalization }: AuditEvent, role: string | undefined): PathSide {
  switch (role) {
    case 'CREATE':
      return 'new';
    case 'DELETE':
      return 'old';
    case 'NORMAL':
      // Of a rename it may be either.
      return normalization?.action === 'linked' ? 'old' : undefined;
    default:
      return undefined;
  }
}

function fileType(mode: string | undefined): FileFields['type'] {
  switch (mode === undefined ? 0 : Number.parseInt(mode, 8) & 0o170000) {
    case 0o100000:
      return 'file';
    case 0o040000:
      return 'dir';
    case 0o120000:
      return 'symlink';
    case 0o010000:
      return 'pipe';
    case 0o140000:
      return 'socket';
    case 0o020000:
    case 0o060000:
      return 'device';
    default:
      return undefined;
  }
}

/** The parts of an SELinux label. */
function context(path: ReadonlyMap<string, string>, prefix: string): Record<string, string> | undefined {
  const parts = [...path].filter(([key]) => key.startsWith(prefix));
  return parts.length > 0
    ? Object.fromEntries(parts.map(([key, value]) => [key.slice(prefix.length), value]))
    : undefined;
}
