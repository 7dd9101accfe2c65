// In which zone the running cron reads its tables: its own TZ, else /etc/localtime, and what it makes of a moved one.
//
// Measured with jobs of fixed times, /etc/localtime moved under the running daemon (glibc 2.36, November 2026):
// - cron 3.0pl1-162 (Debian 12), from UTC to Asia/Kolkata: the job due by the new zone ran in its minute. From there 90
//   minutes back, to Asia/Dubai: a fixed time of the new zone did not run, `24 * * * *` did. Half an hour forward: a
//   fixed time that was skipped ran with the next minute. It takes localtime(3), which looks at the file anew each time
//   where TZ is not set, and, since 3.0pl1-152, the offset with it each minute (Debian bug 1019716).
// - cronie 1.7.2, from UTC to Asia/Kolkata: the job due by the new zone did not run, one due by UTC did. Its offset is
//   taken at its start and when tm_isdst changes (cron.c, set_time), as by vixie cron before 3.0pl1-152: moved on to
//   Australia/Sydney, where it was summer, it ran a job due by that, and none by UTC. A table with
//   `CRON_TZ=America/New_York` ran by New York's time, one with `TZ=` did not.
// /etc/timezone is read by neither. `TZ=` in a table is the job's environment and does not move its time: vixie cron's
// crontab(5), "this will affect only the commands executed in the crontab".

import type { Inventory, SchedulerZone } from '../../model/inventory.ts';
import type { Dump } from './dump.ts';
import type { CronProcess } from './dumped-zone.ts';
import { posixZone } from './posix-zone.ts';
import { fixedZone, movedZone, namedZone, offsetName, type TimeZone, utc } from './time-zone.ts';
import { tzFileZone } from './tz-file.ts';

export interface DaemonZone {
  readonly zone: TimeZone;
  readonly told: SchedulerZone;
}

/** Whether a daemon takes the zone when it starts, or looks at /etc/localtime each time. */
export type ZoneReading = 'at-start' | 'each-minute';

/**
 * @param earlier what is known from before: a daemon keeps the zone that it had then
 * @returns undefined for dumps taken before zones were recorded
 */
export function daemonZone(dump: Dump, reading: ZoneReading, earlier?: Inventory): DaemonZone | undefined {
  if (!dump.localtime) return undefined;
  const daemon = daemonOf(dump.cronDaemons);
  const startedMs = daemon ? dump.nowMs - dump.uptimeMs + daemon.startedAfterBootMs : 0;
  const process = daemon && { pid: daemon.pid, startedAt: new Date(startedMs).toISOString() };
  // What a daemon takes with the next minute is told as taken: that is how its next runs are counted.
  const minuteEndMs = Math.ceil(dump.nowMs / 60_000) * 60_000;
  const tell = (zone: TimeZone, because: string): DaemonZone => {
    const { offsetSeconds, isDst } = zone.at(minuteEndMs);
    const offsetMinutes = offsetSeconds / 60;
    const told = { scheduler: 'cron' as const, name: zone.name, offsetMinutes, isDst, because };
    return { zone, told: process ? { ...told, daemon: process } : told };
  };
  if (daemon && daemon.tz !== null)
    return tell(
      zoneByTz(daemon.tz, daemon.zoneFile),
      `TZ=${daemon.tz} in the environment of ${nameOf(daemon)}`,
    );
  const { zone, from } = localZone(dump);
  if (!daemon) return tell(zone, `${from}; no daemon runs`);
  const { changedMs } = dump.localtime;
  const before = sameDaemon(daemon, earlier);
  const isMoved =
    changedMs > startedMs && (!before || before.offsetMinutes * 60 !== zone.at(changedMs).offsetSeconds);
  if (!isMoved) return tell(zone, from);
  const moved = `${from}, changed at ${new Date(changedMs).toISOString()}`;
  if (reading === 'at-start') {
    if (!before)
      return tell(zone, `${moved} after ${nameOf(daemon)} had started: which zone it keeps is not known`);
    const old = fixedZone(before.offsetMinutes * 60, before.name, before.isDst);
    const until = endOfHold(zone, changedMs, before.isDst);
    const held = until === null ? old : movedZone(old, until, zone);
    return tell(
      { ...held, name: until !== null && until <= minuteEndMs ? zone.name : before.name },
      `${moved}: ${nameOf(daemon)} had started before, and keeps ${offsetName(before.offsetMinutes * 60)} until ` +
        (until === null
          ? 'it is started again'
          : `${new Date(until).toISOString()}, when daylight saving changes`),
    );
  }
  if (!before) return tell(zone, moved);
  // It looks when a minute begins.
  const seenMs = Math.ceil(changedMs / 60_000) * 60_000;
  const old = fixedZone(before.offsetMinutes * 60, before.name, before.isDst);
  return tell(movedZone(old, seenMs, zone), `${moved}: ${nameOf(daemon)} looks at it each minute`);
}

/** The one that the others are children of. */
const daemonOf = (processes: readonly CronProcess[]): CronProcess | undefined =>
  processes
    .filter(({ parent }) => !processes.some(({ pid }) => pid === parent))
    .sort((a, b) => a.startedAfterBootMs - b.startedAfterBootMs)[0];

const nameOf = ({ name, pid }: CronProcess): string => `${name} (pid ${pid})`;

/** What was known of a daemon's zone, where it was the same process. */
function sameDaemon({ pid }: CronProcess, earlier: Inventory | undefined): SchedulerZone | undefined {
  const known = earlier?.zones?.find(({ scheduler }) => scheduler === 'cron');
  return known?.daemon?.pid === pid ? known : undefined;
}

/** A daemon that took its offset at its start takes it anew when tm_isdst is another: at once, or some day. */
function endOfHold(zone: TimeZone, fromMs: number, isDst: boolean): number | null {
  let ms: number | null = fromMs;
  for (let changes = 0; ms !== null && changes < 4; changes++) {
    if (zone.at(ms).isDst !== isDst) return ms === fromMs ? Math.ceil(ms / 60_000) * 60_000 : ms;
    ms = zone.nextChange(ms);
  }
  return null;
}

function localZone({ localtime, offsetMinutes }: Dump): { zone: TimeZone; from: string } {
  const { target, content } = localtime ?? { target: null, content: new Uint8Array() };
  const name = target?.replace(/^.*\/zoneinfo\/(?:posix\/)?/, '');
  const where = target === null ? '/etc/localtime, a file' : `/etc/localtime, a link to ${target}`;
  if (content.length === 0) return { zone: utc, from: `${where} that is not there: UTC` };
  const zone = tzFileZone(name ?? offsetName(offsetMinutes * 60), content);
  return zone ? { zone, from: where } : { zone: utc, from: `${where} that is no zone: UTC` };
}

/**
 * What TZ means: a file of the zone database, else a rule of POSIX's, else UTC.
 * @source tzset(3); glibc 2.36, time/tzset.c
 */
function zoneByTz(tz: string, file: Uint8Array): TimeZone {
  const text = tz.replace(/^:/, '');
  return tzFileZone(text.replace(/^.*\/zoneinfo\//, ''), file) ?? posixZone(text) ?? { ...utc, name: 'UTC' };
}

/** Cronie's CRON_TZ, by its name alone: the table's zone was not asked for in the target. */
export const tableZone = (tz: string): TimeZone => namedZone(tz.replace(/^:/, '')) ?? posixZone(tz) ?? utc;
