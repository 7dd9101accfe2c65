// Ids of users and groups with their names: the same object every time, for events are many and accounts few.

import type { GroupFields, UserFields } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';

export type AccountFields = UserFields & GroupFields;

export class AccountNames {
  #accounts: Accounts = noAccounts;
  readonly #users = new Map<number, AccountFields>();
  readonly #groups = new Map<number, AccountFields>();

  /** The target's tables were read, or read again. */
  use(accounts: Accounts): void {
    this.#accounts = accounts;
    this.#users.clear();
    this.#groups.clear();
  }

  user(id: number): AccountFields {
    return remembered(this.#users, id, this.#accounts.users);
  }

  group(id: number): AccountFields {
    return remembered(this.#groups, id, this.#accounts.groups);
  }
}

function remembered(
  made: Map<number, AccountFields>,
  id: number,
  names: ReadonlyMap<string, string>,
): AccountFields {
  const known = made.get(id);
  if (known) return known;
  const name = names.get(String(id));
  const account = name === undefined ? { id: String(id) } : { id: String(id), name };
  made.set(id, account);
  return account;
}
