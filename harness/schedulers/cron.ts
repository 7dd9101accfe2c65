// cron in its dialects: daemons, tables by distribution, whose table a path is, what a table must be to be read.

import type { Schedule } from '../model/inventory.ts';
import { cronClock } from './cron-clock.ts';
import type { Scheduler } from './scheduler.ts';

/** Debian, busybox and systemd-cron; Red Hat; SUSE; Alpine. */
const userTables = [
  '/var/spool/cron/crontabs',
  '/var/spool/cron/tabs',
  '/var/spool/cron',
  '/etc/crontabs',
] as const;

const units = ['cron.service', 'crond.service', 'cronie.service', 'bcron.service', 'busybox-crond.service'];

/** Folders of tables, by whose times of modification vixie cron sees that it has to read again. */
export const tableFolders: readonly string[] = ['/etc/cron.d', ...userTables];

export const cron: Scheduler = {
  name: 'cron',
  daemons: [
    { program: '/usr/sbin/cron' },
    { program: '/usr/sbin/crond' },
    { program: '/usr/sbin/bcron-sched' },
    { program: '/usr/sbin/bcron-exec' },
    { program: '/usr/bin/mcron' },
    { program: '/usr/bin/busybox', applet: 'crond' },
  ],
  // systemd-cron's: it makes timers of the tables, so that the service manager launches their jobs (cron-*.service).
  generators: ['/usr/lib/systemd/system-generators/systemd-crontab-generator'],
  units,
  places: [
    { path: '/etc/crontab', role: 'table' },
    { path: '/etc/cron.d/*', role: 'table' },
    ...userTables.map((folder) => ({ path: `${folder}/*`, role: 'table' as const })),
    { path: '/etc/cron.allow', role: 'access' },
    { path: '/etc/cron.deny', role: 'access' },
    { path: '/etc/cron.allow.d/*', role: 'access' },
  ],
  logNames: ['cron', 'crond', 'crontab'],
  pamServices: ['cron', 'crond', 'cronie'],
  clock: cronClock(units),
};

/** A table: the system's have a column for the user, users' own have their owner's name. */
export interface CronTable {
  readonly kind: 'crontab' | 'system-crontab';
  /** Of /etc/cron.d and of spools: the file's name, which the daemon looks at. */
  readonly name: string;
  /** Where it lies. */
  readonly folder: string;
}

/** Which table a path is; undefined for every other file, temporary files of crontab included. */
export function cronTableOf(path: string): CronTable | undefined {
  if (path === '/etc/crontab') return { kind: 'system-crontab', name: '', folder: '/etc' };
  const slash = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, slash), path.slice(slash + 1)];
  if (name === '') return undefined;
  if (folder === '/etc/cron.d') return { kind: 'system-crontab', name, folder };
  const isUsers = (userTables as readonly string[]).includes(folder);
  return isUsers && !/^(?:#?tmp)?\./.test(name) && !isFolderName(folder, name)
    ? { kind: 'crontab', name, folder }
    : undefined;
}

/** Whose own table a path is. */
export function userTableOwner(path: string): string | undefined {
  const table = cronTableOf(path);
  return table?.kind === 'crontab' ? table.name : undefined;
}

/** Folders of other spools lie in Red Hat's folder of users' tables. */
const isFolderName = (folder: string, name: string): boolean =>
  folder === '/var/spool/cron' && ['crontabs', 'tabs', 'atjobs', 'atspool', 'lastrun'].includes(name);

/** What the daemon calls a table of the system in its log: `*system*NAME`, `*system*` for /etc/crontab. */
export const systemTableNamed = (word: string): string | undefined => {
  const name = /^\*system\*(.*)$/s.exec(word)?.[1];
  if (name === undefined) return undefined;
  return name === '' ? '/etc/crontab' : `/etc/cron.d/${name}`;
};

/** What a daemon says when it will not use a table or could not run a job (vixie cron 3.0pl1, cronie 1.6). */
export const cronRefusals: ReadonlySet<string> = new Set([
  'BAD FILE MODE',
  'BAD LINK COUNT',
  "CAN'T LOOKUP",
  "CAN'T OPEN",
  "CAN'T OPEN SYMLINK",
  'CRON',
  'ERROR',
  'FAILED',
  'INSECURE MODE',
  'NO CRONTAB FILE',
  'NOT A REGULAR FILE',
  'NOT REGULAR',
  'NUMBER OF HARD LINKS',
  'ORPHAN',
  'PAM ERROR',
  'SYNTAX ERROR',
  'WRONG FILE OWNER',
  'WRONG INODE INFO',
]);

/**
 * Whether systemd-cron makes this unit, a timer or its service, of a table's entry. What it counts entries by is left out:
 * the number of one depends on those before it.
 * @source systemd-cron 1.15.19, systemd-crontab-generator, generate_timer_unit
 */
export const isMadeOfEntry = (
  { daemon, file, user }: Pick<Schedule, 'daemon' | 'file' | 'user'>,
  unit: string,
): boolean =>
  daemon === 'systemd-cron' &&
  file !== null &&
  user !== null &&
  unit.startsWith(`cron-${file.slice(file.lastIndexOf('/') + 1)}-${user}-`);
