// Cron's clock: sixty times as fast where that is asked for, and moved to shortly before a job's minute, or to a boot.

import {
  type ClockLever,
  environmentFile,
  faketime,
  requireUnit,
  secondsUntil,
  untilNext,
  writeText,
} from './clock.ts';

const settings = environmentFile('cron');

/** How many seconds pass in one. */
const speed = { fast: 60, real: 1 } as const;

/** Cron looks at its tables when a minute of its clock begins: it is put this far ahead of the minute. */
const leadSeconds = 100;

/** What a daemon leaves to know that it was there since the boot, and has run the jobs of @reboot: vixie's, cronie's. */
const rebootMarkers = ['/run/crond.reboot', '/run/cron.reboot'];

/** Every minute, or every few: the fast clock comes to it within seconds. */
const recursSoon = /^\*(?:\/(?:\d|10))? \*(?:\/1)? /;

const minuteMs = 60_000;
/**
 * Until systemd-cron has had timers made of a new table, its minute may have passed, and the next one counts. What a table
 * of every minute comes to so is the longest wait that there is. Like all timers these may be a minute late
 * (systemd.timer(5), AccuracySec=); busybox looks once a minute.
 */
const reloadMs = 30_000;

/**
 * Of a table that busybox's crond reads, or systemd-cron's generator: minutes are the machine's, whatever clock was asked
 * for. Only a boot can be pretended to busybox, whose daemon knows it by its marker.
 */
export const machineClock: ClockLever = {
  dueIn: (schedule, _clock, nowMs) => {
    const ms = untilNext(schedule, nowMs);
    return ms + minuteMs + (schedule.daemon === 'systemd-cron' && ms < reloadMs ? minuteMs : 0);
  },
  jumpFor: ({ when, daemon }) =>
    daemon === 'busybox' && when.startsWith('@reboot') ? { scheduler: 'cron', to: 'boot' } : null,
};

/**
 * @param units service units of the daemon, by the names of distributions
 */
export const cronClock = (units: readonly string[]): ClockLever => ({
  dueIn: (schedule, clock, nowMs) => (untilNext(schedule, nowMs) + 60_000) / speed[clock],
  // It is minutes ahead of the machine's.
  mayBeMissed: ({ when, nextRun }) => nextRun !== undefined && !recursSoon.test(when),
  jumpFor: ({ kind, when, nextRun }) => {
    if (kind !== 'run-parts' && when.startsWith('@reboot')) return { scheduler: 'cron', to: 'boot' };
    return nextRun === undefined ? null : { scheduler: 'cron', to: nextRun };
  },
  bootFiles: (clock) => (clock === 'fast' ? [{ path: settings, content: faketime(0, speed.fast) }] : []),
  moveTo: (to, nowMs) => {
    const isBoot = to === 'boot';
    const ahead = isBoot ? 0 : secondsUntil(to, nowMs) - leadSeconds;
    return [
      requireUnit(units, isBoot ? 'is-enabled' : 'is-active'),
      ...(isBoot ? [`rm -f ${rebootMarkers.join(' ')}`] : []),
      writeText(settings, faketime(ahead, speed.fast)),
      'systemctl restart "$unit"',
    ];
  },
});
