// Names that auditd wrote beside the ids of an enriched log: those of the machine that wrote it, which count more than
// any table of ours.

import type { Accounts } from '../accounts.ts';
import type { AuditRecord } from './record.ts';

/**
 * The accounts, and over them what the records of an event tell of theirs: `ouid=1000 … OUID="alice"`.
 * @source auditd.conf(5), log_format; audit-userspace, auparse/interpret.c (ids without a name)
 */
export function withToldNames(accounts: Accounts, records: readonly AuditRecord[]): Accounts {
  const told = records.flatMap(namesIn);
  if (told.length === 0) return accounts;
  const users = told.filter(({ kind }) => kind === 'user');
  const groups = told.filter(({ kind }) => kind === 'group');
  return {
    ...accounts,
    users: new Map([...accounts.users, ...users.map(({ id, name }) => [id, name] as const)]),
    uids: new Map([...accounts.uids, ...users.map(({ id, name }) => [name, id] as const)]),
    groups: new Map([...accounts.groups, ...groups.map(({ id, name }) => [id, name] as const)]),
  };
}

interface ToldName {
  readonly kind: 'user' | 'group';
  readonly id: string;
  readonly name: string;
}

function namesIn({ type, fields, interpreted }: AuditRecord): ToldName[] {
  return interpreted.flatMap(({ key, value: name }) => {
    const kind = kindOf(key, type);
    const id = fields.find((field) => field.key === key.toLowerCase())?.value;
    return kind === undefined || id === undefined || !/^\d+$/.test(id) || noName.test(name)
      ? []
      : [{ kind, id, name }];
  });
}

/** `ID` is of what the record is about. */
function kindOf(key: string, type: string): ToldName['kind'] | undefined {
  if (key.endsWith('GID')) return 'group';
  if (key.endsWith('UID')) return 'user';
  if (key === 'ID') return /(?:^|_)(?:GROUP|GRP)(?:_|$)/.test(type) ? 'group' : 'user';
  return undefined;
}

/** An id that the machine had no name for, or that is none. */
const noName = /^(?:unset|unknown\(.*\)|-?\d*)$/;
