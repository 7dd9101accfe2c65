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
// | file.*                             | the PATH record of the object (file-fields.ts); for a rename the new name, |
// |                                    | the old one in file.Ext.original, as Elastic Defend has it               |
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
import { fileFields, objectPath, roleOf } from './file-fields.ts';
import type { UserRole } from './normalization.ts';
import { canonical } from './path.ts';
import type { AuditRecord } from './record.ts';
import { withToldNames } from './told-names.ts';

/**
 * Maps the records of one event.
 * @param records at least one; all of one serial number
 * @param number position of the event in its stream, from 1: makes the event's id
 */
export function auditEcsEvent(
  records: readonly AuditRecord[],
  number: number,
  known: Accounts = noAccounts,
): EcsEvent {
  const audit = auditEvent(records);
  const accounts = withToldNames(known, audit.records);
  const { normalization, callNormalization } = audit;
  const node = records[0]?.node;
  const file = fileFields(audit, accounts);
  const network = networkFields(audit);
  const category = union(normalization?.category, callNormalization?.category);
  const type = union(normalization?.type, callNormalization?.type);
  const creates = audit.paths.some((path) => roleOf(path) === 'CREATE');
  if (creates && category.includes('file') && !type.includes('creation')) type.push('creation');
  const process = processFields(audit);
  return definedOnly({
    '@timestamp': new Date(audit.time).toISOString(),
    event: definedOnly({
      id: `audit-${number}`,
      kind: normalization?.kind ?? ('event' as const),
      category,
      type: type.length > 0 ? type : ['info'],
      action: normalization?.action ?? audit.operation ?? audit.type.toLowerCase(),
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

/** The record and the call may say the same: the clock is changed by both. */
const union = (first: readonly string[] = [], second: readonly string[] = []): string[] => [
  ...new Set([...first, ...second]),
];

const outcomes = { success: 'success', fail: 'failure', unknown: 'unknown' } as const;

function processFields({ process, ids }: AuditEvent): ProcessFields | undefined {
  const { pid, ppid, title, comm, exe, cwd, args } = process;
  if (![pid, exe, comm, args].some((told) => told !== undefined)) return undefined;
  const fields = definedOnly({
    pid: wholeNumber(pid),
    name: comm ?? exe?.slice(exe.lastIndexOf('/') + 1),
    executable: exe === undefined ? undefined : canonical(exe),
    title,
    working_directory: cwd === undefined ? undefined : canonical(cwd),
    args: args && [...args],
    args_count: args?.length,
    command_line: args?.join(' '),
    parent: wholeNumber(ppid) === undefined ? undefined : { pid: wholeNumber(ppid) },
    user: ids.get('euid') === undefined ? undefined : { id: ids.get('euid') },
  });
  // Records name a pid only, no start time: these processes have no entity id.
  return fields as unknown as ProcessFields;
}

const wholeNumber = (text = ''): number | undefined => (/^\d{1,10}$/.test(text) ? Number(text) : undefined);

/** Who acted; for logins and changes of accounts, who became whom. */
function userFields(audit: AuditEvent, accounts: Accounts): UserFields | undefined {
  const user: Record<string, unknown> = {};
  const named = (id: string, name: string | undefined): Record<string, string> =>
    name === undefined ? { id } : { id, name };
  for (const [key, id] of audit.ids) {
    if (id === 'unset') continue;
    const place = Object.hasOwn(idPlaces, key) ? idPlaces[key] : undefined;
    const names = key.endsWith('gid') ? accounts.groups : accounts.users;
    if (place) at(user, place, named(id, names.get(id)));
  }
  for (const [role, part] of Object.entries(audit.normalization?.users ?? {})) {
    const value = summaryPart(audit, part);
    if (value === undefined || value === 'unset' || value === '4294967295') continue;
    const names = role === 'group' ? accounts.groups : accounts.users;
    const who = /^\d+$/.test(value) ? named(value, names.get(value)) : nameOf(value, accounts);
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

type NetworkFields = { source?: object; destination?: object; network?: { direction: 'ingress' | 'egress' } };

function networkFields({ data, operation, socket, normalization }: AuditEvent): NetworkFields {
  const peer = socket && endpoint(socket.get('addr'), socket.get('port'), socket.get('path'));
  switch (operation) {
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
  definedOnly({ ip, port: wholeNumber(port), path });

function auditdFields(audit: AuditEvent, file: FileFields | undefined): Record<string, unknown> {
  const { args } = audit.process;
  const data: Record<string, unknown> = Object.fromEntries(audit.data);
  // The peer of a login is `source.ip`.
  if (audit.normalization?.fromAddress) delete data.addr;
  for (const [key, values] of audit.further) data[key] = [audit.data.get(key), ...values];
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
