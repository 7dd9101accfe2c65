// Cron's tables: users' own, /etc/crontab and /etc/cron.d, with every reason for which the daemon passes one over.

import type { Inventory, Schedule } from '../../model/inventory.ts';
import { type CronTable, cronTableOf } from '../../schedulers/cron.ts';
import { nextDue } from './cron-next.ts';
import { type CronDialect, cronie, vixie } from './cron-when.ts';
import { type CronEntry, parseCronTable } from './crontab.ts';
import { type DaemonZone, daemonZone, tableZone, type ZoneReading } from './daemon-zone.ts';
import type { Dump, DumpedFile } from './dump.ts';
import { fixedZone, type TimeZone } from './time-zone.ts';
import { unitNamed } from './units.ts';

/** Cron daemons whose rules for tables are known; `other` is judged by the tables' text alone. */
export type CronDaemon = 'vixie' | 'cronie' | 'other' | 'none';

/** Which daemon a target has, by its program: all are called cron by everybody. A link is busybox's or the like. */
export function cronDaemon({ programs }: Dump): CronDaemon {
  if (programs.has('/usr/sbin/cron') && !programs.get('/usr/sbin/cron')) return 'vixie';
  if (programs.has('/usr/sbin/crond') && !programs.get('/usr/sbin/crond')) return 'cronie';
  const isCron = (path: string): boolean => path !== '/usr/sbin/anacron' && path !== '/usr/sbin/atd';
  return [...programs.keys()].some(isCron) ? 'other' : 'none';
}

/**
 * In which zone the target's cron reads its tables.
 * @param earlier what is known from before an attack: a running daemon may keep what it had
 */
export const cronZone = (dump: Dump, earlier?: Inventory): DaemonZone | undefined =>
  daemonZone(dump, zoneReading(dump), earlier);

/** Debian's cron looks at its zone each minute since 3.0pl1-152, which Debian 12 was the first to have. */
function zoneReading(dump: Dump): ZoneReading {
  switch (cronDaemon(dump)) {
    case 'vixie':
      return Number.parseInt(dump.sections.get('debian') ?? '', 10) < 12 ? 'at-start' : 'each-minute';
    case 'cronie':
      return 'at-start';
    case 'other':
    case 'none':
      return 'each-minute';
  }
}

/**
 * The entries of all tables; a table that holds none but is refused appears with its refused lines.
 * @param zone the daemon's, from {@link cronZone}
 */
export function cronSchedules(dump: Dump, zone: DaemonZone | undefined): Schedule[] {
  const daemon = cronDaemon(dump);
  const daemonDown = whyDown(dump, daemon);
  return dump.files.flatMap((file) => {
    const table = cronTableOf(file.path);
    if (!table) return [];
    return tableSchedules(dump, daemon, zone?.zone, file, table).map((schedule) =>
      daemonDown && !schedule.inert ? { ...schedule, inert: daemonDown } : schedule,
    );
  });
}

function tableSchedules(
  dump: Dump,
  daemon: CronDaemon,
  daemonsZone: TimeZone | undefined,
  file: DumpedFile,
  table: CronTable,
): Schedule[] {
  const dialect: CronDialect = daemon === 'vixie' ? vixie : cronie;
  const isUser = (name: string): boolean => dump.accounts.uids.has(name);
  const parsed = parseCronTable(file.content ?? '', table.kind === 'system-crontab', isUser, dialect);
  const refused =
    whyRefused(dump, daemon, file, table) ?? whyUnreadable(daemon, parsed.entries, parsed.endsInNewline);
  const seen = new Map<string, number>();
  return parsed.entries.map((entry) => {
    const owner = table.kind === 'crontab' ? table.name : entry.user;
    const own = daemon === 'cronie' ? entry.environment.get('CRON_TZ') : undefined;
    const zone = own ? tableZone(own) : (daemonsZone ?? fixedZone(dump.offsetMinutes * 60));
    const change = own || daemon === 'other' ? 'as-it-is' : 'caught-up';
    const nextRun = entry.times && nextDue(entry.times, new Date(dump.nowMs), zone, change);
    const isCut = !parsed.endsInNewline && entry === parsed.entries.at(-1) && isLastLine(file, entry);
    const inert =
      refused ??
      whyNever(entry, nextRun) ??
      (isCut && daemon === 'cronie' ? 'missing newline before EOF' : undefined);
    const place = table.kind === 'crontab' ? table.name : `${file.path}:${owner ?? ''}`;
    const key = `${table.kind}:${place}:${entry.when} ${entry.command}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return {
      kind: table.kind,
      id: count === 1 ? key : `${key}#${count}`,
      user: owner !== null && isUser(owner) ? owner : null,
      when: entry.when,
      command: entry.command,
      ...(entry.stdin === null ? {} : { stdin: entry.stdin }),
      ...(entry.environment.size === 0 ? {} : { environment: Object.fromEntries(entry.environment) }),
      file: file.path,
      line: entry.line,
      ...(daemonsZone && entry.times?.kind === 'times' ? { zone: zone.name } : {}),
      ...(nextRun ? { nextRun: nextRun.toISOString() } : {}),
      ...(inert ? { inert } : {}),
    };
  });
}

/** Whether nothing follows the entry, not even a comment. */
const isLastLine = ({ content }: DumpedFile, { line }: CronEntry): boolean =>
  content?.split('\n').length === line;

/** What the daemon checks of the file before it reads it, in the words of its own log. */
function whyRefused(
  dump: Dump,
  daemon: CronDaemon,
  file: DumpedFile,
  { kind, name }: CronTable,
): string | undefined {
  if (kind === 'crontab' && !dump.accounts.uids.has(name)) return `(${name}) ORPHAN (no passwd entry)`;
  switch (daemon) {
    case 'vixie':
      return kind === 'crontab' ? vixieUserTable(dump, file, name) : vixieSystemTable(file, name);
    case 'cronie':
      return cronieTable(dump, file, kind, name);
    case 'other':
    case 'none':
      return undefined;
  }
}

function vixieUserTable(dump: Dump, file: DumpedFile, name: string): string | undefined {
  if (file.type === 'symlink') return "CAN'T OPEN: it is a symbolic link";
  if (file.type !== 'file' && file.type !== 'hardlink') return 'NOT A REGULAR FILE';
  if (file.permissions !== 0o600) return `INSECURE MODE (mode 0600 expected), it is ${file.mode}`;
  if (file.uid !== '0' && file.uid !== dump.accounts.uids.get(name)) return `WRONG FILE OWNER: ${file.owner}`;
  return file.links ? 'NUMBER OF HARD LINKS > 1' : undefined;
}

function vixieSystemTable(file: DumpedFile, name: string): string | undefined {
  if (name !== '' && !/^[A-Za-z0-9_-]+$/.test(name))
    return `cron passes over names with other characters than letters, digits, _ and -: ${name}`;
  if (file.type !== 'file' && file.type !== 'hardlink' && file.type !== 'symlink')
    return 'NOT A REGULAR FILE';
  if (file.uid !== '0') return `WRONG FILE OWNER: ${file.owner}`;
  if (file.permissions & 0o022 && file.type !== 'symlink')
    return `INSECURE MODE (group/other writable): ${file.mode}`;
  return file.links && file.type !== 'symlink' ? 'NUMBER OF HARD LINKS > 1' : undefined;
}

function cronieTable(
  dump: Dump,
  file: DumpedFile,
  kind: CronTable['kind'],
  name: string,
): string | undefined {
  if (kind === 'system-crontab' && /^[.#]|~$|\.rpm(?:save|orig|new)$/.test(name))
    return `crond passes over backup files and hidden files: ${name}`;
  if (file.type === 'pipe' || file.type === 'device') return 'NOT REGULAR';
  if ((file.permissions & 0o7533) !== 0o400 && file.type !== 'symlink') return `BAD FILE MODE: ${file.mode}`;
  if (file.uid !== '0' && (kind === 'system-crontab' || file.uid !== dump.accounts.uids.get(name)))
    return `WRONG FILE OWNER: ${file.owner}`;
  return kind === 'crontab' && file.links ? 'BAD LINK COUNT' : undefined;
}

/** vixie cron drops the whole table for one bad line; cronie drops the line. */
function whyUnreadable(
  daemon: CronDaemon,
  entries: readonly CronEntry[],
  endsInNewline: boolean,
): string | undefined {
  if (daemon !== 'vixie') return undefined;
  const bad = entries.find(({ error }) => error !== null);
  if (bad) return `${bad.error} in line ${bad.line}: cron ignores the whole table`;
  return endsInNewline ? undefined : 'missing newline before the end: cron ignores the whole table';
}

function whyNever({ error, line, when, times }: CronEntry, nextRun: Date | null): string | undefined {
  if (error) return `${error} in line ${line}`;
  if (times?.kind === 'times' && nextRun === null) return `no date ever matches ${when}`;
  return undefined;
}

function whyDown(dump: Dump, daemon: CronDaemon): string | undefined {
  if (daemon === 'none') return 'no cron daemon is installed';
  const section = dump.sections.get('system-units');
  if (section === undefined || daemon === 'other') return undefined;
  const units = ['cron.service', 'crond.service', 'cronie.service'].map((name) => unitNamed(section, name));
  const known = units.filter((unit) => unit !== undefined && unit.LoadState !== 'not-found');
  if (
    known.length === 0 ||
    known.some((unit) => unit?.ActiveState !== 'inactive' && unit?.ActiveState !== 'failed')
  )
    return undefined;
  const { Id, LoadState, ActiveState } = known[0] ?? {};
  return `${Id} is ${LoadState === 'masked' ? 'masked and ' : ''}${ActiveState}: nobody reads the tables`;
}
