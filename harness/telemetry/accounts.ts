// Names of users and groups as the target itself knows them: ids in records become names through its own tables.

import type { Account } from '../engine/ports.ts';

export interface Accounts {
  /** uid → name. */
  readonly users: ReadonlyMap<string, string>;
  /** name → uid, for records that name a user. */
  readonly uids: ReadonlyMap<string, string>;
  /** gid → name. */
  readonly groups: ReadonlyMap<string, string>;
  /** name → home directory. */
  readonly homes: ReadonlyMap<string, string>;
}

/**
 * Reads a target's account tables.
 * @param passwd text of /etc/passwd; lines that are not entries are passed over, the first entry of an id wins
 * @param group text of /etc/group
 */
export function parseAccounts(passwd: string, group = ''): Accounts {
  const users = new Map<string, string>();
  const uids = new Map<string, string>();
  const homes = new Map<string, string>();
  for (const [name = '', , uid, , , home] of entries(passwd)) {
    if (!uid || !/^\d+$/.test(uid)) continue;
    if (!users.has(uid)) users.set(uid, name);
    if (uids.has(name)) continue;
    uids.set(name, uid);
    if (home) homes.set(name, home);
  }
  const groups = new Map<string, string>();
  for (const [name = '', , gid] of entries(group)) if (gid && !groups.has(gid)) groups.set(gid, name);
  return { users, uids, groups, homes };
}

/** The same from what the engine knows of a running target. */
export function accountsOf(accounts: readonly Account[]): Accounts {
  return parseAccounts(
    accounts.map(({ name, uid, gid, home }) => `${name}:x:${uid}:${gid}::${home}:`).join('\n'),
  );
}

export const noAccounts: Accounts = parseAccounts('');

function entries(table: string): string[][] {
  const lines = table.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => line.split(':'));
}
