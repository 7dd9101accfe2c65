// zone × schedule × now → next run, with the days on which clocks change; and the zones themselves, one source against
// another.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockChange, nextDue } from '../../../../harness/telemetry/inventory/cron-next.ts';
import { parseCronTimes } from '../../../../harness/telemetry/inventory/cron-when.ts';
import { posixZone } from '../../../../harness/telemetry/inventory/posix-zone.ts';
import {
  fixedZone,
  movedZone,
  offsetName,
  type TimeZone,
} from '../../../../harness/telemetry/inventory/time-zone.ts';
import { tzFileZone } from '../../../../harness/telemetry/inventory/tz-file.ts';
import { tzFile, zoneNamed } from './zones.ts';

function next(zone: TimeZone, when: string, from: string, change?: ClockChange): string | null {
  const times = parseCronTimes(when);
  if (typeof times === 'string') throw new RangeError(times);
  return nextDue(times, new Date(from), zone, change)?.toISOString().replace('.000Z', 'Z') ?? null;
}

describe('the next run in a zone', () => {
  it.each([
    // No change in between.
    ['Etc/UTC', '0 6 * * *', '2026-03-01T10:00:00Z', '2026-03-02T06:00:00Z'],
    ['Europe/Berlin', '0 6 * * *', '2026-01-10T10:00:00Z', '2026-01-11T05:00:00Z'],
    ['Europe/Berlin', '0 6 * * *', '2026-07-10T10:00:00Z', '2026-07-11T04:00:00Z'],
    ['America/New_York', '30 23 * * 5', '2026-01-01T00:00:00Z', '2026-01-03T04:30:00Z'],
    ['Asia/Kolkata', '0 6 * * *', '2026-03-01T10:00:00Z', '2026-03-02T00:30:00Z'],
    ['Asia/Kolkata', '0 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:30:00Z'],
    ['Asia/Kathmandu', '0 0 1 * *', '2026-03-01T10:00:00Z', '2026-03-31T18:15:00Z'],
    ['Pacific/Chatham', '0 12 * * *', '2026-01-10T10:00:00Z', '2026-01-10T22:15:00Z'],
    ['Pacific/Chatham', '0 12 * * *', '2026-07-10T10:00:00Z', '2026-07-10T23:15:00Z'],
    ['Pacific/Kiritimati', '0 0 1 1 *', '2026-12-31T09:00:00Z', '2026-12-31T10:00:00Z'],
    ['America/St_Johns', '15 8 * * *', '2026-01-10T00:00:00Z', '2026-01-10T11:45:00Z'],
    // The next run lies behind a change.
    ['Europe/Berlin', '0 6 * * *', '2026-03-28T10:00:00Z', '2026-03-29T04:00:00Z'],
    ['Europe/Berlin', '0 6 * * *', '2026-10-24T10:00:00Z', '2026-10-25T05:00:00Z'],
    ['America/New_York', '0 6 1 * *', '2026-02-20T00:00:00Z', '2026-03-01T11:00:00Z'],
    ['America/New_York', '0 6 10 3 *', '2026-02-20T00:00:00Z', '2026-03-10T10:00:00Z'],
    ['Pacific/Chatham', '0 12 10 4 *', '2026-03-01T00:00:00Z', '2026-04-09T23:15:00Z'],
    ['Europe/Berlin', '0 0 29 2 *', '2026-06-01T00:00:00Z', '2028-02-28T23:00:00Z'],
    // The minute is skipped: a fixed time runs at once when the clock was put forward, a wildcard's is lost.
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T10:00:00Z', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '30 2 * * *', '2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
    ['Europe/Berlin', '*/30 2 * * *', '2026-03-28T10:00:00Z', '2026-03-30T00:00:00Z'],
    ['Europe/Berlin', '15 * * * *', '2026-03-29T00:20:00Z', '2026-03-29T01:15:00Z'],
    ['America/New_York', '0,45 2 8 3 *', '2026-03-08T00:00:00Z', '2026-03-08T07:00:00Z'],
    ['Pacific/Chatham', '0 3 * * *', '2026-09-26T10:00:00Z', '2026-09-26T14:00:00Z'],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T10:00:00Z', '2026-10-03T15:30:00Z'],
    // The minute comes twice: a fixed time runs the first time alone, a wildcard's both times.
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T10:00:00Z', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['Europe/Berlin', '30 2 * * *', '2026-10-25T01:10:00Z', '2026-10-26T01:30:00Z'],
    ['Europe/Berlin', '30 * * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ['America/New_York', '30 1 1 11 *', '2026-11-01T05:30:00Z', '2027-11-01T05:30:00Z'],
    ['America/New_York', '@hourly', '2026-11-01T05:00:00Z', '2026-11-01T06:00:00Z'],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04T14:50:00Z', '2026-04-05T15:15:00Z'],
    // The first fixed time after the repeated hour.
    ['Europe/Berlin', '0 3 * * *', '2026-10-25T00:45:00Z', '2026-10-25T02:00:00Z'],
  ])('%s: %s after %s', (name, when, from, expected) => {
    expect(next(zoneNamed(name), when, from)).toBe(expected);
  });

  it.each([
    ['30 2 * * *', '2026-03-28T10:00:00Z', '2026-03-30T00:30:00Z'],
    ['30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
  ])('of a daemon that takes local time as it is: %s after %s', (when, from, expected) => {
    expect(next(zoneNamed('Europe/Berlin'), when, from, 'as-it-is')).toBe(expected);
  });

  it('where nothing but the offset is known is counted by that', () => {
    expect(next(fixedZone(330 * 60), '0 6 * * *', '2026-03-01T10:00:00Z')).toBe('2026-03-02T00:30:00Z');
    expect(next(fixedZone(-120 * 60), '0 6 * * *', '2026-03-01T10:00:00Z')).toBe('2026-03-02T08:00:00Z');
  });
});

describe('a zone that was moved under the daemon, at 12:00:30 UTC', () => {
  const at = Date.parse('2026-06-01T12:01:00Z');
  const moved = (from: string, to: string) => movedZone(zoneNamed(from), at, zoneNamed(to));
  it.each([
    // More than three hours: the new time is used immediately.
    ['Etc/UTC', 'Asia/Kolkata', '32 17 * * *', '2026-06-01T12:00:40Z', '2026-06-01T12:02:00Z'],
    ['Etc/UTC', 'America/New_York', '2 8 * * *', '2026-06-01T12:00:40Z', '2026-06-01T12:02:00Z'],
    // Less, forward: what is skipped runs at once.
    ['Etc/UTC', 'Europe/Berlin', '2 14 * * *', '2026-06-01T12:00:40Z', '2026-06-01T12:02:00Z'],
    ['Etc/UTC', 'Europe/Berlin', '0 13 * * *', '2026-06-01T12:00:40Z', '2026-06-01T12:01:00Z'],
    ['Etc/UTC', 'Europe/Berlin', '*/20 13 * * *', '2026-06-01T12:00:40Z', '2026-06-02T11:00:00Z'],
    // Less, backward: a fixed time that has been waits until tomorrow, a wildcard's runs.
    ['Asia/Kolkata', 'Asia/Dubai', '2 16 * * *', '2026-06-01T12:00:40Z', '2026-06-02T12:02:00Z'],
    ['Asia/Kolkata', 'Asia/Dubai', '2 16 * * *', '2026-06-01T12:01:40Z', '2026-06-02T12:02:00Z'],
    ['Asia/Kolkata', 'Asia/Dubai', '2 * * * *', '2026-06-01T12:01:40Z', '2026-06-01T12:02:00Z'],
    ['Asia/Kolkata', 'Asia/Dubai', '40 17 * * *', '2026-06-01T12:01:40Z', '2026-06-01T13:40:00Z'],
  ])('%s → %s: %s after %s', (from, to, when, now, expected) => {
    expect(next(moved(from, to), when, now)).toBe(expected);
  });
});

describe('a TZ string', () => {
  it.each([
    ['CET-1CEST,M3.5.0,M10.5.0/3', 'Europe/Berlin'],
    ['EST5EDT', 'America/New_York'],
    ['EST5EDT,M3.2.0/2:00,M11.1.0/02:00:00', 'America/New_York'],
    ['<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45', 'Pacific/Chatham'],
    ['<+1030>-10:30<+11>-11,M10.1.0,M4.1.0', 'Australia/Lord_Howe'],
    ['IST-5:30', 'Asia/Kolkata'],
    ['<-02>2<-01>,M3.5.0/-1,M10.5.0/0', 'America/Nuuk'],
  ])('%s is %s', (text, name) => {
    const zone = posixZone(text);
    const truth = zoneNamed(name);
    const moment = fc.date({ min: new Date('2024-06-01'), max: new Date('2032-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (date) => {
        const ms = date.getTime();
        expect(zone?.at(ms).offsetSeconds).toBe(truth.at(ms).offsetSeconds);
        expect(zone?.nextChange(ms) ?? null).toBe(truth.nextChange(ms));
      }),
      { numRuns: 60 },
    );
  });

  it('counts days of the year with and without the 29th of February', () => {
    // Day 60 of `Jn` is always the 1st of March; day 60 of `n`, counted from 0, is it in years without a leap day.
    const julian = posixZone('AAA0BBB,J60/0,J300/0');
    const plain = posixZone('AAA0BBB,60/0,300/0');
    const first = (zone: TimeZone | undefined, year: number) =>
      new Date(zone?.nextChange(Date.UTC(year, 0, 1)) ?? 0).toISOString().slice(0, 10);
    expect([first(julian, 2027), first(julian, 2028)]).toEqual(['2027-03-01', '2028-03-01']);
    expect([first(plain, 2027), first(plain, 2028)]).toEqual(['2027-03-02', '2028-03-01']);
  });

  it.each(['', 'Europe/Berlin', 'UTC', 'CET-1CEST,M13.1.0,M10.5.0', 'A1', 'CET-1CEST,M3.5.0', '<>1'])(
    '%s is none',
    (text) => {
      expect(posixZone(text)).toBeUndefined();
    },
  );
});

describe('a file of the tz database', () => {
  it.each([
    ['Europe/Berlin', 'CET-1CEST,M3.5.0,M10.5.0/3'],
    ['Pacific/Chatham', '<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45'],
    ['Asia/Kolkata', 'IST-5:30'],
  ])('of %s gives its changes, and after the last the rule %s', (name, rule) => {
    const truth = zoneNamed(name);
    const zone = tzFileZone(name, tzFile(truth, { rule }));
    for (let ms = Date.parse('2021-01-01'); ms < Date.parse('2033-01-01'); ms += 29 * 3_600_000) {
      expect(zone?.at(ms).offsetSeconds).toBe(truth.at(ms).offsetSeconds);
    }
    const before = Date.parse('2029-12-01');
    expect(zone?.nextChange(before)).toBe(truth.nextChange(before));
  });

  it('that is none, or cut, is told as none', () => {
    const whole = tzFile(zoneNamed('Europe/Berlin'));
    expect(tzFileZone('x', Buffer.from('hello'))).toBeUndefined();
    expect(tzFileZone('x', whole.subarray(0, 120))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        tzFileZone('x', Buffer.concat([Buffer.from('TZif2'), bytes]));
      }),
    );
  });
});

it('offsets are named as people write them', () => {
  expect([0, 19_800, -12_600, 45_900].map((seconds) => offsetName(seconds))).toEqual([
    '+00:00',
    '+05:30',
    '-03:30',
    '+12:45',
  ]);
});
