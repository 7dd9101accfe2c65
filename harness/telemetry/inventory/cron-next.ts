// When a cron entry is launched next: the first minute of the daemon's local time that matches, and what the daemon
// makes of a minute that its clock skips or has twice.

import type { CronTimes } from './cron-when.ts';
import { type TimeZone, utc } from './time-zone.ts';

/**
 * What a daemon does when local time changes.
 *
 * `caught-up` is vixie cron's and cronie's (cron.c, main): after a change forward of up to three hours, jobs of a fixed
 * time that was skipped run at once; after one backward of less than three hours, they do not run before local time is
 * where it was. Jobs whose minute or hour begins with `*`, and all jobs after a greater change, follow local time as it
 * is. `as-it-is` is local time for every job: busybox's crond, and cronie's jobs with a CRON_TZ of their own ("there
 * will be jobs missed or run twice", cron.c, find_jobs).
 * @source cron(8), "Daylight Saving Time and other time changes"; cron 3.0pl1-162 and cronie 1.7.2, cron.c
 */
export type ClockChange = 'caught-up' | 'as-it-is';

/**
 * The next time at which an entry is due, strictly after `from`; null when no date ever matches (`0 0 30 2 *`) and for
 * `@reboot`.
 * @param zone that of the daemon
 */
export function nextDue(
  times: CronTimes,
  from: Date,
  zone: TimeZone = utc,
  change: ClockChange = 'caught-up',
): Date | null {
  if (times.kind === 'reboot') return null;
  // A range that runs backwards (`30-10`) is taken and holds nothing: no need to look for its day.
  if ([times.minutes, times.hours, times.months].some(({ size }) => size === 0)) return null;
  const isCaughtUp = change === 'caught-up' && !times.isWildcard;
  const startMs = from.getTime();
  const limitMs = startMs + longestGapMs;
  let after = isCaughtUp ? caughtUp(zone, startMs) : startMs;
  for (let segment = startMs; ; ) {
    const offset = offsetAt(zone, segment);
    const end = Math.min(zone.nextChange(segment) ?? limitMs, limitMs);
    const due = firstMatch(times, after + offset, end + offset);
    if (due !== undefined) return new Date(due - offset);
    if (end === limitMs) return null;
    const shift = offsetAt(zone, end) - offset;
    if (
      isCaughtUp &&
      isSkip(shift) &&
      firstMatch(times, end - 1 + offset, end + offset + shift) !== undefined
    )
      return new Date(Math.ceil(end / minuteMs) * minuteMs);
    after = Math.max(after, isCaughtUp && isRepeat(shift) ? end - shift - 1 : end - 1);
    segment = end;
  }
}

const minuteMs = 60_000;
const threeHoursMs = 180 * minuteMs;

/** Between two 29ths of February lie up to eight years, around a century that is no leap year; with a weekday 40. */
const longestGapMs = 41 * 366 * 86_400_000;

const offsetAt = (zone: TimeZone, ms: number): number => zone.at(ms).offsetSeconds * 1000;

/** The daemon counts the minute of the change itself as well: forward it is less than three hours, backward no more. */
const isSkip = (shiftMs: number): boolean => shiftMs > 0 && shiftMs < threeHoursMs;
const isRepeat = (shiftMs: number): boolean => shiftMs < 0 && shiftMs >= -threeHoursMs;

/** The time after which jobs of a fixed time run again: later than `ms` where local time was put back shortly before. */
function caughtUp(zone: TimeZone, ms: number): number {
  let after = ms;
  for (let before = ms - threeHoursMs; ; ) {
    const change = zone.nextChange(before);
    if (change === null || change > ms) return after;
    const shift = offsetAt(zone, change) - offsetAt(zone, before);
    if (isRepeat(shift)) after = Math.max(after, change - shift - 1);
    before = change;
  }
}

type Times = Extract<CronTimes, { kind: 'times' }>;

/**
 * The first minute of local time that matches.
 * @param after milliseconds as if local time were UTC; the minute is strictly later
 * @param until the minute is earlier than this
 */
function firstMatch(times: Times, after: number, until: number): number | undefined {
  const local = new Date(Math.floor(after / minuteMs) * minuteMs + minuteMs);
  while (local.getTime() < until) {
    if (!times.months.has(local.getUTCMonth() + 1)) {
      local.setUTCMonth(local.getUTCMonth() + 1, 1);
      local.setUTCHours(0, 0);
    } else if (!isDueOn(times, local.getUTCDate(), local.getUTCDay())) {
      local.setUTCDate(local.getUTCDate() + 1);
      local.setUTCHours(0, 0);
    } else if (!times.hours.has(local.getUTCHours())) local.setUTCHours(local.getUTCHours() + 1, 0);
    else if (!times.minutes.has(local.getUTCMinutes())) local.setUTCMinutes(local.getUTCMinutes() + 1);
    else return local.getTime();
  }
  return undefined;
}

/** Cron's famous rule: two restricted day fields are alternatives. */
function isDueOn({ days, weekdays, anyDay, anyWeekday }: Times, day: number, weekday: number): boolean {
  return anyDay || anyWeekday
    ? days.has(day) && weekdays.has(weekday)
    : days.has(day) || weekdays.has(weekday);
}
