// A journal entry as an ECS event: the envelope that every entry has, and what its line says where that is known.

import type { EcsEvent, ProcessFields, UserFields } from '../../model/event.ts';
import { type Accounts, noAccounts } from '../accounts.ts';
import { field, fieldValues, type JournalEntry } from './entry.ts';
import { fieldsReadElsewhere, journalFields } from './fields.ts';
import { meaning } from './message/index.ts';
import type { Meaning } from './message/meaning.ts';

/**
 * Maps one entry.
 * @param number position of the entry in its stream, from 1: makes the event's id
 * @param accounts names for the ids in the entry, from the target the entry is of
 */
export function journalEvent(entry: JournalEntry, number: number, accounts: Accounts = noAccounts): EcsEvent {
  const said = meaning(entry);
  const event: EcsEvent = {
    '@timestamp': timestamp(
      ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'].map((name) => field(entry, name)).find(isTime),
    ),
    event: {
      id: `journal-${number}`,
      kind: 'event',
      category: [...(said?.category ?? [])],
      type: [...(said?.type ?? ['info'])],
      action: said?.action ?? 'logged',
      ...(said?.outcome ? { outcome: said.outcome } : {}),
      module: 'system',
      dataset: isAuthFacility(field(entry, 'SYSLOG_FACILITY')) ? 'system.auth' : 'system.syslog',
    },
    host: { os: { type: 'linux' } },
    atomclock: { sensor: 'journal', ...(said?.job ? { job: said.job } : {}) },
  };
  const [message, ...further] = fieldValues(entry, 'MESSAGE');
  // A field that occurs twice has both its values, as any field of an event may.
  if (message !== undefined) define(event, 'message', further.length > 0 ? [message, ...further] : message);
  const process = processFields(entry, accounts);
  if (process) event.process = process;
  const uid = field(entry, '_UID');
  const user = said?.user ? subject(said, accounts) : uid && withName(uid, accounts);
  if (user) event.user = user;
  addFields(event, entry);
  if (said?.extra) merge(event, said.extra);
  return event;
}

/** Microseconds up to the year 2286. */
const isTime = (text: string | undefined): boolean => text !== undefined && /^\d{1,16}$/.test(text);

/** Microseconds since the epoch as ISO 8601; an entry without a time (a hand-made one) is at the epoch. */
function timestamp(microseconds = '0'): string {
  const whole = BigInt(microseconds);
  const iso = new Date(Number(whole / 1000n)).toISOString();
  return `${iso.slice(0, -1)}${String(whole % 1000n).padStart(3, '0')}Z`;
}

/** Syslog's auth and authpriv: what a syslog daemon writes to auth.log or secure. */
const isAuthFacility = (code: string | undefined): boolean => code === '4' || code === '10';

function processFields(entry: JournalEntry, accounts: Accounts): ProcessFields | undefined {
  const pid = field(entry, '_PID') ?? field(entry, 'SYSLOG_PID');
  if (pid === undefined || !/^\d+$/.test(pid)) return undefined;
  const name = field(entry, '_COMM') ?? field(entry, 'SYSLOG_IDENTIFIER');
  const executable = field(entry, '_EXE');
  const commandLine = field(entry, '_CMDLINE');
  const uid = field(entry, '_UID');
  const fields: Omit<ProcessFields, 'entity_id'> = {
    pid: Number(pid),
    ...(name === undefined ? {} : { name }),
    ...(executable === undefined ? {} : { executable }),
    ...(commandLine === undefined ? {} : { command_line: commandLine }),
    ...(uid === undefined ? {} : { user: withName(uid, accounts) }),
  };
  // A log line names a pid and no start time: it has no entity id, and the engine finds its process by the pid.
  return fields as ProcessFields;
}

const withName = (id: string, accounts: Accounts): UserFields => {
  const name = accounts.users.get(id);
  return name === undefined ? { id } : { id, name };
};

function subject(said: Meaning, accounts: Accounts): UserFields | undefined {
  if (!said.user) return undefined;
  const resolve = (name: string, id = accounts.uids.get(name)) => ({ ...(id ? { id } : {}), name });
  // ECS wants an id; where neither the line nor the target's accounts know one, the name stands alone.
  return {
    ...resolve(said.user.name, said.user.id),
    ...(said.effectiveUser?.name ? { effective: resolve(said.effectiveUser.name) } : {}),
  } as UserFields;
}

/** The rest of the entry by the mapping table; fields that it does not name go to `journald.custom`, as Elastic has it. */
function addFields(event: EcsEvent, entry: JournalEntry): void {
  for (const [name, value] of entry.fields) {
    if (fieldsReadElsewhere.has(name)) continue;
    const mapped = journalFields.get(name);
    if (!mapped) {
      place(event, ['journald', 'custom', name.toLowerCase().replace(/^_+/, '')], value);
      continue;
    }
    const [path, type] = mapped;
    const typed = (text: string): string | number =>
      type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
    const [only, ...further] = typeof value === 'string' ? [value] : value;
    if (only === undefined) continue;
    place(event, path.split('.'), further.length > 0 ? [only, ...further].map(typed) : typed(only));
  }
}

/** Field names come from the log: `__proto__` and the like must stay plain data, so objects are made without a prototype's setters. */
function place(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node = root;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(node, key) || typeof node[key] !== 'object') define(node, key, {});
    node = node[key] as Record<string, unknown>;
  }
  define(node, path.at(-1) ?? '', value);
}

const define = (node: object, key: string, value: unknown): void => {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true });
};

function merge(into: Record<string, unknown>, from: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(from)) {
    const present = into[key];
    if (isRecord(present) && isRecord(value)) merge(present, value);
    else into[key] = value;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
