// Which of cron's daemons a machine has, and what each makes of a table before it reads an entry of it.

import { type CronTable, cron } from './cron.ts';
import { type FileFacts, isRegular } from './file-facts.ts';

/** Daemons whose rules for tables are known; `other` is judged by the tables' text alone. */
export type CronDaemon = 'vixie' | 'cronie' | 'busybox' | 'systemd-cron' | 'other' | 'none';

/** All are called cron by everybody: a link is busybox's or the like. */
const programOf = { vixie: '/usr/sbin/cron', cronie: '/usr/sbin/crond' } as const;

/**
 * Which daemon a machine has.
 * @param programs those of schedulers that are installed, with what they link to
 */
export function cronDaemonOf(programs: ReadonlyMap<string, string>): CronDaemon {
  const isItself = (program: string): boolean => programs.has(program) && !programs.get(program);
  // Nobody else's, while programs at the daemons' paths are whatever was put there.
  if ((cron.generators ?? []).some((generator) => programs.has(generator))) return 'systemd-cron';
  if (isItself(programOf.vixie)) return 'vixie';
  if (isItself(programOf.cronie)) return 'cronie';
  if (programs.has(busyboxProgram)) return 'busybox';
  return cron.daemons.some(({ program }) => programs.has(program)) ? 'other' : 'none';
}

const busyboxProgram = '/usr/bin/busybox';

/**
 * Whose clock nothing can move: busybox's crond is linked statically, and of systemd-cron's tables the service manager
 * makes timers, whose clock is the machine's.
 */
export const hasMachineClock = (daemon: CronDaemon): daemon is 'busybox' | 'systemd-cron' =>
  daemon === 'busybox' || daemon === 'systemd-cron';

/** Debian's, of all daemons; vixie cron is nobody else's. */
export const debiansFolder = '/var/spool/cron/crontabs';

/** What a daemon asks of the machine before it reads a table. */
export interface TableReader {
  readonly daemon: CronDaemon;
  /** Whether the daemon is Debian's, which has one folder for users' tables; others of cronie's name theirs. */
  readonly isDebian: boolean;
  /** The user id of an account; undefined where there is none. */
  uidOf(account: string): string | undefined;
  /** Whether one of the folders in which units lie has this file. */
  hasUnitFile(path: string): boolean;
}

/**
 * What the daemon checks of a table's file before it reads it, in the words of its own log; undefined where it reads it.
 * @source cron 3.0pl1-162 and cronie 1.7.2, database.c, process_crontab; busybox 1.35, crond.c, load_crontab and
 *   rescan_crontab_dir; systemd-cron 1.15.19, systemd-crontab-generator, main
 */
export function tableRefusal(reader: TableReader, file: FileFacts, table: CronTable): string | undefined {
  const { daemon, isDebian } = reader;
  const { kind, name, folder } = table;
  const owner = kind === 'crontab' ? reader.uidOf(name) : undefined;
  const isKnown = daemon === 'vixie' || (daemon !== 'other' && daemon !== 'none' && isDebian);
  if (kind === 'crontab' && isKnown && folder !== debiansFolder)
    return `cron reads the tables of users in ${debiansFolder}, not in ${folder}`;
  if (daemon === 'busybox') return busyboxTable(file, table, owner);
  if (daemon === 'systemd-cron') return generatorsTable(table, reader, owner);
  if (kind === 'crontab' && owner === undefined) return `(${name}) ORPHAN (no passwd entry)`;
  switch (daemon) {
    case 'vixie':
      return kind === 'crontab' ? vixieUserTable(file, owner) : vixieSystemTable(file, name);
    case 'cronie':
      return cronieTable(file, table, owner);
    case 'other':
    case 'none':
      return undefined;
  }
}

function vixieUserTable(file: FileFacts, owner: string | undefined): string | undefined {
  if (file.type === 'symlink') return "CAN'T OPEN: it is a symbolic link";
  if (!isRegular(file)) return 'NOT A REGULAR FILE';
  if (file.permissions !== 0o600) return `INSECURE MODE (mode 0600 expected), it is ${file.mode}`;
  if (file.uid !== '0' && file.uid !== owner) return `WRONG FILE OWNER: ${file.owner}`;
  return file.links ? 'NUMBER OF HARD LINKS > 1' : undefined;
}

function vixieSystemTable(file: FileFacts, name: string): string | undefined {
  const isLink = file.type === 'symlink';
  if (name !== '' && !/^[A-Za-z0-9_-]+$/.test(name))
    return `cron passes over names with other characters than letters, digits, _ and -: ${name}`;
  if (!isRegular(file) && !isLink) return 'NOT A REGULAR FILE';
  if (file.uid !== '0') return `WRONG FILE OWNER: ${file.owner}`;
  if (file.permissions & 0o022 && !isLink) return `INSECURE MODE (group/other writable): ${file.mode}`;
  return file.links && !isLink ? 'NUMBER OF HARD LINKS > 1' : undefined;
}

function cronieTable(
  file: FileFacts,
  { kind, name }: CronTable,
  owner: string | undefined,
): string | undefined {
  if (kind === 'system-crontab' && /^[.#]|~$|\.rpm(?:save|orig|new)$/.test(name))
    return `crond passes over backup files and hidden files: ${name}`;
  if (file.type === 'pipe' || file.type === 'device') return 'NOT REGULAR';
  if ((file.permissions & 0o7533) !== 0o400 && file.type !== 'symlink') return `BAD FILE MODE: ${file.mode}`;
  if (file.uid !== '0' && (kind === 'system-crontab' || file.uid !== owner))
    return `WRONG FILE OWNER: ${file.owner}`;
  return kind === 'crontab' && file.links ? 'BAD LINK COUNT' : undefined;
}

/**
 * Its crontab makes root the owner of every table.
 * @source busybox 1.35, crond.c, load_crontab (DAEMON_UID) and rescan_crontab_dir
 */
function busyboxTable(
  file: FileFacts,
  { kind, name }: CronTable,
  owner: string | undefined,
): string | undefined {
  if (kind === 'system-crontab') return "busybox's crond reads the tables of users, and no others";
  if (name.includes('.')) return `crond passes over names with a dot: ${name}`;
  if (owner === undefined) return `ignoring file '${name}' (no such user)`;
  const isAnothers = file.uid !== '0' && file.type !== 'symlink';
  return isAnothers ? `crond passes over tables that root does not own: ${file.owner}` : undefined;
}

/**
 * It asks nothing of the file itself, and leaves to a timer of a table's name what the table says. Whose table it is it
 * does not ask either: the service manager does, when it starts what was made of it (systemd.exec(5), 217).
 */
function generatorsTable(
  { kind, name }: CronTable,
  reader: TableReader,
  owner: string | undefined,
): string | undefined {
  if (kind === 'crontab' && name.includes('.')) return passedOver(name);
  if (kind === 'crontab')
    return owner === undefined ? `no account ${name} to start it as (status=217/USER)` : undefined;
  if (name === '') return undefined;
  if (nativeFolders.some((folder) => reader.hasUnitFile(`${folder}/${name}.timer`)))
    return `systemd-crontab-generator: ignoring ${name} because native timer is present`;
  return /^\.|\.dpkg-|~/.test(name) ? passedOver(name) : undefined;
}

const passedOver = (name: string): string => `systemd-crontab-generator passes over such names: ${name}`;

/** Where the generator looks for it: /lib is a link to /usr/lib, or a folder of its own. */
const nativeFolders = ['/lib', '/usr/lib', '/etc', '/run'].map((root) => `${root}/systemd/system`);

/**
 * Why a table's text keeps all of its entries from being run: vixie cron drops the whole table for one bad line, cronie
 * drops the line.
 * @param bad the first line that cannot be read
 */
export function textRefusal(
  daemon: CronDaemon,
  bad: { readonly line: number; readonly error: string | null } | undefined,
  endsInNewline: boolean,
): string | undefined {
  if (daemon !== 'vixie') return undefined;
  if (bad) return `${bad.error} in line ${bad.line}: cron ignores the whole table`;
  return endsInNewline ? undefined : 'missing newline before the end: cron ignores the whole table';
}

/** What the daemon says of a last line that is not ended, where it leaves out that line alone. */
export const cutLineRefusal = (daemon: CronDaemon): string | undefined =>
  daemon === 'cronie' ? 'missing newline before EOF' : undefined;
