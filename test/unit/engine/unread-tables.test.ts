// Tables whose times of modification hide a change from cron: what it reads, and what it does not.

import { describe, expect, it } from 'vitest';
import { unreadTables, writtenTables } from '../../../harness/engine/proof/unread-tables.ts';
import type { EcsEvent } from '../../../harness/model/event.ts';
import type { Inventory, Schedule, SchedulerZone } from '../../../harness/model/inventory.ts';
import { parseJournalJson } from '../../../harness/telemetry/journal/index.ts';

const old = '2026-01-01T00:00:00Z';
const late = '2026-11-28T10:00:00Z';
const later = '2026-11-28T10:00:05Z';

interface Look {
  /** Path → time of modification and command. */
  tables: Record<string, readonly [mtime: string, command: string, inert?: string]>;
  folders?: Record<string, string>;
  pid?: number;
}

const folders = { '/etc/cron.d': old, '/var/spool/cron/crontabs': old };

function look({ tables, folders: times = folders, pid = 10 }: Look): Inventory {
  const zone: SchedulerZone = {
    scheduler: 'cron',
    name: 'UTC',
    offsetMinutes: 0,
    isDst: false,
    because: '',
    daemon: { pid, startedAt: old },
  };
  return {
    takenAt: late,
    schedules: Object.entries(tables).map(([file, [, command, inert]]): Schedule => {
      const isUsers = file.startsWith('/var/');
      const kind = isUsers ? 'crontab' : 'system-crontab';
      const base = {
        kind,
        id: `${file} ${command}`,
        user: 'root',
        when: '* * * * *',
        command,
        file,
      } as const;
      return inert ? { ...base, inert } : base;
    }),
    files: Object.entries(tables).map(([path, [mtime, content]]) => ({
      path,
      mode: '0644',
      owner: 'root',
      content,
      sha256: content,
      mtime,
    })),
    folders: Object.entries(times).map(([path, mtime]) => ({ path, mtime })),
    zones: [zone],
    problems: [],
  };
}

const reload = (message: string, time = later): EcsEvent =>
  parseJournalJson(
    JSON.stringify({
      MESSAGE: message,
      SYSLOG_IDENTIFIER: 'cron',
      _PID: '10',
      __REALTIME_TIMESTAMP: String(Date.parse(time) * 1000),
    }),
    1,
  );

const base = { '/etc/crontab': [old, 'daily'], '/etc/cron.d/a': [old, 'a'] } as const;
const users = '/var/spool/cron/crontabs/root';
const sameTime = /^cron did not read \S+ again: its modification time \(2026-01-01T00:00:00Z\) is that of/;
const sameFolder = /^cron did not read \S+: the modification time of \S+ \(2026-01-01T00:00:00Z\), by which/;

describe('what cron does not read', () => {
  it.each<[string, Look['tables'], Look['tables'], string, RegExp]>([
    [
      '/etc/crontab with its old time',
      base,
      { ...base, '/etc/crontab': [old, 'x'] },
      '/etc/crontab',
      sameTime,
    ],
    ['a known table', base, { ...base, '/etc/cron.d/a': [old, 'x'] }, '/etc/cron.d/a', sameTime],
    [
      'a new table, its folder’s time put back',
      base,
      { ...base, '/etc/cron.d/n': [later, 'x'] },
      '/etc/cron.d/n',
      sameFolder,
    ],
    ['a new table of a user', base, { ...base, [users]: [later, 'x'] }, users, sameFolder],
    [
      'a user’s table, changed in place',
      { ...base, [users]: [old, 'y'] },
      { ...base, [users]: [later, 'x'] },
      users,
      sameFolder,
    ],
    [
      'a user’s table with its old time, though another table is new',
      { ...base, [users]: [old, 'y'] },
      { '/etc/crontab': [later, 'daily'], '/etc/cron.d/a': [old, 'a'], [users]: [old, 'x'] },
      users,
      sameTime,
    ],
  ])('%s', (_, before, after, path, reason) => {
    const found = unreadTables(look({ tables: before }), look({ tables: after }), []);
    expect(found.map(({ about }) => about)).toEqual([`${path} x`]);
    expect(found[0]?.because).toMatch(reason);
    expect(found[0]?.because).toContain(path);
  });
});

describe('what cron reads', () => {
  const changed = { ...base, '/etc/crontab': [old, 'x'] } as const;
  it.each<[string, Look, Look, EcsEvent[]?]>([
    ['a table with a later time', { tables: base }, { tables: { ...base, '/etc/crontab': [later, 'x'] } }],
    [
      'a table with an earlier one: it asks whether they are the same',
      { tables: base },
      { tables: { ...base, '/etc/crontab': ['2001-01-01T00:00:00Z', 'x'] } },
    ],
    [
      'a new table in a folder that changed',
      { tables: base },
      { tables: { ...base, '/etc/cron.d/n': [old, 'x'] }, folders: { ...folders, '/etc/cron.d': later } },
    ],
    [
      'a new table, when any other one is looked at again',
      { tables: base },
      { tables: { ...base, '/etc/cron.d/a': [later, 'a'], [users]: [later, 'x'] } },
    ],
    ['everything, when it was started again', { tables: base }, { tables: changed, pid: 11 }],
    [
      'what it says that it reads',
      { tables: base },
      { tables: changed },
      [reload('(*system*) RELOAD (/etc/crontab)')],
    ],
    [
      'a user’s table that it says that it reads',
      { tables: { [users]: [old, 'y'] } },
      { tables: { [users]: [old, 'x'] } },
      [reload('(root) RELOAD (crontabs/root)')],
    ],
    [
      'a table that it could not use before, each time',
      { tables: { '/etc/crontab': [old, 'y', 'INSECURE MODE'] } },
      { tables: changed },
    ],
    [
      'a table of a target that tells no times',
      { tables: base, folders: {} },
      { tables: { ...base, '/etc/cron.d/n': [later, 'x'] }, folders: {} },
    ],
  ])('%s', (_, before, after, events = []) => {
    expect(unreadTables(look(before), look(after), events)).toEqual([]);
  });

  it('is not known from evidence that was recorded before times were', () => {
    const { folders: _, ...without } = look({ tables: base });
    expect(unreadTables(without, look({ tables: changed }), [])).toEqual([]);
  });

  it('said before the attack is not said of it', () => {
    const events = [reload('(*system*) RELOAD (/etc/crontab)', old)];
    expect(unreadTables(look({ tables: base }), look({ tables: changed }), events)).toHaveLength(1);
  });
});

it('knows the tables and folders that were written between two inventories', () => {
  const before = look({ tables: { '/etc/crontab': [old, 'a'] } });
  const after = {
    ...look({
      tables: {
        '/etc/crontab': [late, 'b'],
        '/etc/cron.d/put-back': [old, 'c'],
        '/etc/cron.d/new': [later, 'd'],
        '/etc/cron.d/of-tomorrow': ['2026-11-29T10:00:00Z', 'e'],
      },
      folders: { '/etc/cron.d': later, '/var/spool/cron/crontabs': old },
    }),
    takenAt: '2026-11-28T10:00:05.200Z',
  };
  expect(writtenTables(before, after)).toEqual(['/etc/crontab', '/etc/cron.d/new', '/etc/cron.d']);
});
