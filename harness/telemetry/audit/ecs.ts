// An audit event in ECS, as Elastic's auditd integration has it, so that its rules and Sigma's both find their fields.
//
// | ECS field                          | from                                                                      |
// |------------------------------------|---------------------------------------------------------------------------|
// | event.action, .category, .type     | normalization.ts; `creation` is added where a PATH record says CREATE     |
// | event.outcome                      | `success` / `res`                                                         |
// | tags                               | the keys of the rules that matched                                        |
// | host.name, .hostname               | `node=`                                                                   |
// | process.*                          | pid, ppid, comm (name), exe, cwd, proctitle (title), EXECVE (args)        |
// | user.id, .audit, .effective, …     | uid, auid, euid, suid (saved), fsuid (filesystem) and the gids as .group  |
// | user.*, for logins and accounts    | who acted and on whom (normalization.ts, `users`)                         |
// | file.*                             | the PATH record of the object: for a rename the new name, the old one in  |
// |                                    | file.Ext.original, as Elastic Defend has it; relative names joined to cwd |
// | source.*, destination.*, network.* | SOCKADDR; `addr` of logins                                                |
// | auditd.message_type                | types of all records, lower case, the telling one first                   |
// | auditd.data.*                      | every other field; a0… of EXECVE stand beside those of SYSCALL            |
// | auditd.paths                       | the PATH records                                                          |
// | auditd.result, .session, .sequence, .summary | as there                                                        |
// | auditd.interpreted.*               | readable forms that auditd added to an enriched log                       |

import type { EcsEvent, FileFields, ProcessFields, UserFields } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';
import { definedOnly } from '../defined.ts';
import { type AuditEvent, auditEvent, summaryPart } from './event.ts';
import type { UserRole } from './normalization.ts';
import type { AuditRecord } from './record.ts';

/**
 * Maps the records of one event.
 * @param records at least one; all of one serial number
 * @param number position of the event in its stream, from 1: makes the event's id
 */
export function auditEcsEvent(
  records: readonly AuditRecord[],
  number: number,
  accounts: Accounts = noAccounts,
): EcsEvent {
  const audit = auditEvent(records);
  const { normalization, callNormalization } = audit;
  const node = records[0]?.node;
  const file = fileFields(audit, accounts);
  const network = networkFields(audit);
  const category = [...(normalization?.category ?? []), ...(callNormalization?.category ?? [])];
  const type = [...(normalization?.type ?? []), ...(callNormalization?.type ?? [])];
  const creates = audit.paths.some((path) => roleOf(path) === 'CREATE');
  if (creates && category.includes('file') && !type.includes('creation')) type.push('creation');
  const process = processFields(audit);
  return definedOnly({
    '@timestamp': new Date(audit.time).toISOString(),
    event: definedOnly({
      id: `audit-${number}`,
      kind: 'event' as const,
      category,
      type: type.length > 0 ? type : ['info'],
      action: normalization?.action ?? audit.data.get('syscall') ?? audit.type.toLowerCase(),
      outcome: outcomes[audit.result],
      module: 'auditd',
      dataset: 'auditd.log',
    }),
    host: definedOnly({ os: { type: 'linux' as const }, name: node, hostname: node }),
    process,
    user: userFields(audit, accounts),
    file,
    ...network,
    tags: audit.tags.length > 0 ? [...audit.tags] : undefined,
    auditd: auditdFields(audit, file),
    atomclock: { sensor: 'audit' as const },
  }) as EcsEvent;
}

const outcomes = { success: 'success', fail: 'failure', unknown: 'unknown' } as const;

function processFields({ process, ids }: AuditEvent): ProcessFields | undefined {
  const { pid, ppid, title, comm, exe, cwd, args } = process;
  if (pid === undefined && exe === undefined && comm === undefined) return undefined;
  const fields = definedOnly({
    pid: pid === undefined ? undefined : Number(pid),
    name: comm ?? exe?.slice(exe.lastIndexOf('/') + 1),
    executable: exe,
    title,
    working_directory: cwd,
    args: args && [...args],
    args_count: args?.length,
    command_line: args?.join(' '),
    parent: ppid === undefined ? undefined : { pid: Number(ppid) },
    user: ids.get('euid') === undefined ? undefined : { id: ids.get('euid') },
  });
  // Records name a pid only, no start time: these processes have no entity id.
  return fields as unknown as ProcessFields;
}

/** Who acted; for logins and changes of accounts, who became whom. */
function userFields(audit: AuditEvent, accounts: Accounts): UserFields | undefined {
  const user: Record<string, unknown> = {};
  const named = (id: string, name: string | undefined): Record<string, string> =>
    name === undefined ? { id } : { id, name };
  for (const [key, id] of audit.ids) {
    if (id === 'unset') continue;
    const place = Object.hasOwn(idPlaces, key) ? idPlaces[key] : undefined;
    // auditd adds names where it is told to (log_format=ENRICHED): those of the machine that wrote the log.
    const told = audit.interpreted.get(key.toUpperCase());
    const names = key.endsWith('gid') ? accounts.groups : accounts.users;
    if (place) at(user, place, named(id, told === 'unset' ? undefined : (told ?? names.get(id))));
  }
  for (const [role, part] of Object.entries(audit.normalization?.users ?? {})) {
    const value = summaryPart(audit, part);
    if (value === undefined || value === 'unset' || value === '4294967295') continue;
    const who = /^\d+$/.test(value) ? named(value, accounts.users.get(value)) : nameOf(value, accounts);
    at(user, rolePlaces[role as UserRole], who);
  }
  if (audit.selinux.size > 0) user.selinux = Object.fromEntries(audit.selinux);
  return Object.keys(user).length > 0 ? (user as UserFields) : undefined;
}

const idPlaces: Readonly<Record<string, readonly string[]>> = {
  uid: [],
  auid: ['audit'],
  euid: ['effective'],
  suid: ['saved'],
  fsuid: ['filesystem'],
  gid: ['group'],
  egid: ['effective', 'group'],
  sgid: ['saved', 'group'],
  fsgid: ['filesystem', 'group'],
};

const rolePlaces: Readonly<Record<UserRole, readonly string[]>> = {
  user: [],
  effective: ['effective'],
  target: ['target'],
  group: ['target', 'group'],
};

function nameOf(name: string, accounts: Accounts): Record<string, string> {
  const id = accounts.uids.get(name);
  return id === undefined ? { name } : { id, name };
}

/** Lays fields at a place below the user; an id replaces a name found before, and the other way round. */
function at(user: Record<string, unknown>, place: readonly string[], fields: Record<string, string>): void {
  let node = user;
  for (const key of place) {
    node[key] ??= {};
    node = node[key] as Record<string, unknown>;
  }
  delete node.id;
  delete node.name;
  Object.assign(node, fields);
}

function fileFields(audit: AuditEvent, accounts: Accounts): FileFields | undefined {
  const what = audit.normalization?.what;
  if ((what !== 'file' && what !== 'filesystem') || audit.type !== 'SYSCALL') return undefined;
  const named = audit.paths.filter((path) => path.get('name') !== undefined);
  const object = objectPath(audit);
  const name = object?.get('name');
  if (!object || name === undefined) return undefined;
  const path = absolute(name, audit.process.cwd);
  const mode = object.get('mode');
  const original = audit.normalization?.action === 'renamed' && named.find((one) => roleOf(one) === 'DELETE');
  const owner = object.get('ouid');
  const group = object.get('ogid');
  return definedOnly({
    ...pathFields(path),
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
    ...(original
      ? { Ext: { original: pathFields(absolute(original.get('name') ?? '', audit.process.cwd)) } }
      : {}),
  }) as FileFields;
}

type PathRecord = ReadonlyMap<string, string>;

/** What the path was to the call: PARENT, CREATE, DELETE, NORMAL. Red Hat 7 has its own word for the field. */
const roleOf = (path: PathRecord): string | undefined => path.get('nametype') ?? path.get('objtype');

/** Calls that give something a name: what they made is the last one created, on overlays with its twin before it. */
const naming: ReadonlySet<string | undefined> = new Set(['renamed', 'linked', 'symlinked']);

/** The PATH record of the thing: the new name where one was given, else the first that is no parent folder. */
function objectPath({ paths, normalization }: AuditEvent): PathRecord | undefined {
  if (naming.has(normalization?.action)) {
    const created = paths.findLast((path) => roleOf(path) === 'CREATE' && path.has('name'));
    if (created) return created;
  }
  const index = normalization?.pathIndex ?? 0;
  const start = index < paths.length ? index : 0;
  return paths.slice(start).find(isThing) ?? paths[start];
}

const isThing = (path: PathRecord): boolean => {
  const role = roleOf(path);
  return role !== 'PARENT' && role !== 'UNKNOWN';
};

/** What a link leads to, as written: the other name that the call was given. */
function linkTarget({ paths, normalization }: AuditEvent, object: PathRecord): string | undefined {
  if (normalization?.action !== 'linked' && normalization?.action !== 'symlinked') return undefined;
  const other = paths.find((path) => roleOf(path) !== 'PARENT' && path.get('name') !== object.get('name'));
  return other?.get('name');
}

/** Names are as the program gave them. */
function absolute(name: string, cwd: string | undefined): string {
  if (name.startsWith('/') || cwd === undefined) return name;
  return `${cwd === '/' ? '' : cwd}/${name.replace(/^(?:\.\/+)+/, '')}`;
}

function pathFields(path: string): { path: string; name: string; directory: string; extension?: string } {
  const bare = path.length > 1 ? path.replace(/\/+$/, '') : path;
  const slash = bare.lastIndexOf('/');
  const name = bare.slice(slash + 1);
  const dot = name.lastIndexOf('.');
  return {
    path,
    name,
    directory: slash > 0 ? bare.slice(0, slash) : '/',
    ...(dot > 0 && dot < name.length - 1 ? { extension: name.slice(dot + 1) } : {}),
  };
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

type NetworkFields = { source?: object; destination?: object; network?: { direction: 'ingress' | 'egress' } };

function networkFields({ data, socket, normalization }: AuditEvent): NetworkFields {
  const peer = socket && endpoint(socket.get('addr'), socket.get('port'), socket.get('path'));
  switch (data.get('syscall')) {
    case 'recvfrom':
    case 'recvmsg':
    case 'accept':
    case 'accept4':
      return peer ? { source: peer, network: { direction: 'ingress' } } : {};
    case 'connect':
    case 'sendto':
    case 'sendmsg':
      return peer ? { destination: peer, network: { direction: 'egress' } } : {};
  }
  const address = normalization?.fromAddress ? data.get('addr') : undefined;
  return address === undefined ? {} : { source: { ip: address }, network: { direction: 'ingress' } };
}

const endpoint = (ip?: string, port?: string, path?: string): object =>
  definedOnly({ ip, port: port === undefined ? undefined : Number(port), path });

function auditdFields(audit: AuditEvent, file: FileFields | undefined): Record<string, unknown> {
  const { args } = audit.process;
  const data: Record<string, unknown> = Object.fromEntries(audit.data);
  // The peer of a login is `source.ip`.
  if (audit.normalization?.fromAddress) delete data.addr;
  for (const [index, argument] of (args ?? []).entries()) {
    const register = data[`a${index}`];
    data[`a${index}`] = register === undefined ? argument : [register, argument];
  }
  return definedOnly({
    message_type: audit.types.map((type) => type.toLowerCase()),
    sequence: audit.serial,
    result: audit.result,
    session: audit.session,
    data,
    paths: audit.paths.length > 0 ? audit.paths.map((path) => Object.fromEntries(path)) : undefined,
    summary: summaryFields(audit, file),
    interpreted: audit.interpreted.size > 0 ? Object.fromEntries(audit.interpreted) : undefined,
  });
}

function summaryFields(audit: AuditEvent, file: FileFields | undefined): Record<string, unknown> {
  const { summary, normalization, data } = audit;
  const what = normalization?.what;
  const isSocket = what === 'socket';
  const path = objectPath(audit);
  return definedOnly({
    actor: summary.actor,
    object: definedOnly({
      // Elastic's reader calls whatever has a mode a file, folders and mounts included.
      type: file?.mode === undefined ? what : 'file',
      primary: isSocket
        ? (data.get('socket_addr') ?? data.get('socket_path'))
        : (file && path?.get('name')) || summary.object.primary,
      secondary: isSocket ? data.get('socket_port') : summary.object.secondary,
    }),
    how: summary.how,
  });
}
