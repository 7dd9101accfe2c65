// Cron's tables: users' own, /etc/crontab and /etc/cron.d, with every reason for which the daemon passes one over.

import type { Inventory, Schedule } from '../../model/inventory.ts';
import { type CronTable, cron, cronTableOf } from '../../schedulers/cron.ts';
import {
  type CronDaemon,
  cronDaemonOf,
  cutLineRefusal,
  debiansFolder,
  hasMachineClock,
  type TableReader,
  tableRefusal,
  textRefusal,
} from '../../schedulers/cron-daemon.ts';
import { dialectOf } from '../../schedulers/cron-dialect.ts';
import { nextDue } from './cron-next.ts';
import { type CronEntry, parseCronTable } from './crontab.ts';
import { type DaemonZone, daemonZone, tableZone, type ZoneReading } from './daemon-zone.ts';
import type { Dump, DumpedFile } from './dump.ts';
import { fixedZone, type TimeZone } from './time-zone.ts';
import { whyNoneRuns } from './units.ts';

/** Whether /etc/debian_version is there and says something. */
export const isDebian = ({ sections }: Dump): boolean => (sections.get('debian') ?? '') !== '';

export const cronDaemon = ({ programs }: Dump): CronDaemon => cronDaemonOf(programs);

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
    case 'busybox':
    case 'systemd-cron':
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
  const reader = tableReader(dump, daemon);
  return dump.files.flatMap((file) => {
    const table = cronTableOf(file.path);
    if (!table) return [];
    return tableSchedules(dump, reader, zone?.zone, file, table).map((schedule) =>
      daemonDown && !schedule.inert ? { ...schedule, inert: daemonDown } : schedule,
    );
  });
}

function tableReader(dump: Dump, daemon: CronDaemon): TableReader {
  const paths = new Set(dump.files.map(({ path }) => path));
  return {
    daemon,
    isDebian: isDebian(dump),
    uidOf: (account) => dump.accounts.uids.get(account),
    hasUnitFile: (path) => paths.has(path),
  };
}

function tableSchedules(
  dump: Dump,
  reader: TableReader,
  daemonsZone: TimeZone | undefined,
  file: DumpedFile,
  table: CronTable,
): Schedule[] {
  const { daemon } = reader;
  const isUser = (name: string): boolean => dump.accounts.uids.has(name);
  const parsed = parseCronTable(
    file.content ?? '',
    table.kind === 'system-crontab',
    isUser,
    dialectOf(daemon),
  );
  const refused =
    tableRefusal(reader, file, table) ??
    textRefusal(
      daemon,
      parsed.entries.find(({ error }) => error !== null),
      parsed.endsInNewline,
    );
  const seen = new Map<string, number>();
  return parsed.entries.map((entry) => {
    const owner = table.kind === 'crontab' ? table.name : entry.user;
    const own = daemon === 'cronie' ? entry.environment.get('CRON_TZ') : undefined;
    const zone = own ? tableZone(own) : (daemonsZone ?? fixedZone(dump.offsetMinutes * 60));
    const change = own || daemon === 'other' || hasMachineClock(daemon) ? 'as-it-is' : 'caught-up';
    const nextRun = entry.times && nextDue(entry.times, new Date(dump.nowMs), zone, change);
    const isCut = !parsed.endsInNewline && entry === parsed.entries.at(-1) && isLastLine(file, entry);
    const inert = refused ?? whyNever(entry, nextRun) ?? (isCut ? cutLineRefusal(daemon) : undefined);
    // The same account may have tables in the folders of several distributions.
    const isUsual = table.kind === 'crontab' && table.folder === debiansFolder;
    const place = isUsual ? table.name : `${file.path}:${owner ?? ''}`;
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
      ...(hasMachineClock(daemon) ? { daemon } : {}),
      ...(daemonsZone && entry.times?.kind === 'times' ? { zone: zone.name } : {}),
      ...(nextRun ? { nextRun: nextRun.toISOString() } : {}),
      ...(inert ? { inert } : {}),
    };
  });
}

/** Whether nothing follows the entry, not even a comment. */
const isLastLine = ({ content }: DumpedFile, { line }: CronEntry): boolean =>
  content?.split('\n').length === line;

function whyNever({ error, line, when, times }: CronEntry, nextRun: Date | null): string | undefined {
  if (error) return `${error} in line ${line}`;
  if (times?.kind === 'times' && nextRun === null) return `no date ever matches ${when}`;
  return undefined;
}

function whyDown(dump: Dump, daemon: CronDaemon): string | undefined {
  if (daemon === 'none') return 'no cron daemon is installed';
  const section = dump.sections.get('system-units');
  if (section === undefined || daemon === 'other' || daemon === 'systemd-cron') return undefined;
  if (dump.running.has(cron.name)) return undefined;
  const down = whyNoneRuns(section, cron.units);
  return down && `${down}: nobody reads the tables`;
}
