// A TZ string of POSIX's: `CET-1CEST,M3.5.0,M10.5.0/3`, as glibc reads it, and as tz files end with it.

import { fixedZone, type LocalTime, type TimeZone } from './time-zone.ts';

/**
 * @returns undefined for text that is no such string
 * @source POSIX.1-2024, 8.3 "TZ"; tzset(3); RFC 9636, 3.3.1 (times of day from -167 to 167 hours)
 */
export function posixZone(text: string): TimeZone | undefined {
  const match = form.exec(text)?.groups;
  if (!match) return undefined;
  const standard = { offsetSeconds: -seconds(match.offset ?? ''), isDst: false };
  if (match.dst === undefined) return fixedZone(standard.offsetSeconds, text);
  const daylight: LocalTime = {
    offsetSeconds: match.dstOffset ? -seconds(match.dstOffset) : standard.offsetSeconds + 3600,
    isDst: true,
  };
  // Without rules glibc takes those of the United States.
  const start = parseRule(match.start ?? 'M3.2.0');
  const end = parseRule(match.end ?? 'M11.1.0');
  return start && end ? ruledZone(text, { standard, daylight, start, end }) : undefined;
}

const name = '(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)';
const time = '[+-]?\\d{1,3}(?::\\d{1,2}){0,2}';
const form = new RegExp(
  `^${name}(?<offset>${time})(?:(?<dst>${name})(?<dstOffset>${time})?(?:,(?<start>[^,]+),(?<end>[^,]+))?)?$`,
);

function seconds(text: string): number {
  const [, sign, hours = '0', minutes = '0', rest = '0'] =
    /^([+-]?)(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(rest));
}

/** The moment of one year, in milliseconds since the epoch as if its local time were UTC. */
type Rule = (year: number) => number;

function parseRule(text: string): Rule | undefined {
  const match = new RegExp(
    `^(?:M(?<month>\\d+)\\.(?<week>[1-5])\\.(?<weekday>[0-6])|(?<julian>J?)(?<day>\\d+))(?:/(?<time>${time}))?$`,
  ).exec(text)?.groups;
  if (!match) return undefined;
  const ofDay = 1000 * (match.time === undefined ? 7200 : seconds(match.time));
  if (match.day !== undefined) {
    const day = Number(match.day);
    // `Jn` counts from 1 and never counts the 29th of February; `n` counts from 0 and does.
    return (year) =>
      Date.UTC(year, 0, 1) +
      dayMs * (match.julian ? day - 1 + (isLeap(year) && day > 59 ? 1 : 0) : day) +
      ofDay;
  }
  const [month, week, weekday] = [match.month, match.week, match.weekday].map(Number) as [
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12) return undefined;
  return (year) => {
    const first = Date.UTC(year, month - 1, 1);
    const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
    let day = 1 + ((weekday - new Date(first).getUTCDay() + 7) % 7) + (week - 1) * 7;
    // The fifth week is the last one.
    if (day > days) day -= 7;
    return first + (day - 1) * dayMs + ofDay;
  };
}

const dayMs = 86_400_000;
const isLeap = (year: number): boolean => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;

function ruledZone(
  text: string,
  rules: { standard: LocalTime; daylight: LocalTime; start: Rule; end: Rule },
): TimeZone {
  const { standard, daylight, start, end } = rules;
  const changesAround = (ms: number): { ms: number; to: LocalTime }[] => {
    const year = new Date(ms).getUTCFullYear();
    return [year - 1, year, year + 1]
      .flatMap((one) => [
        { ms: start(one) - standard.offsetSeconds * 1000, to: daylight },
        { ms: end(one) - daylight.offsetSeconds * 1000, to: standard },
      ])
      .sort((a, b) => a.ms - b.ms);
  };
  return {
    name: text,
    at: (ms) => changesAround(ms).findLast((change) => change.ms <= ms)?.to ?? standard,
    nextChange: (ms) => changesAround(ms).find((change) => change.ms > ms)?.ms ?? null,
  };
}
