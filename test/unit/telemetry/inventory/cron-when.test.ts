// When entries run: the forms that Debian's cron takes and refuses (measured), and the next run against brute force.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronie } from '../../../../harness/schedulers/cron-dialect.ts';
import { nextDue } from '../../../../harness/telemetry/inventory/cron-next.ts';
import { parseCronTimes } from '../../../../harness/telemetry/inventory/cron-when.ts';

const nextCronRun = (when: string, from: Date): Date | null => {
  const times = parseCronTimes(when);
  return typeof times === 'string' ? null : nextDue(times, from);
};
const next = (when: string, from: string): string | null =>
  nextCronRun(when, new Date(from))?.toISOString() ?? null;

describe('the next run', () => {
  it.each([
    ['* * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01:00.000Z'],
    ['* * * * *', '2026-03-01T10:00:59.999Z', '2026-03-01T10:01:00.000Z'],
    ['*/15 * * * *', '2026-03-01T10:15:00Z', '2026-03-01T10:30:00.000Z'],
    ['10-30/7 * * * *', '2026-03-01T10:24:01Z', '2026-03-01T11:10:00.000Z'],
    ['0 0 1 1 *', '2026-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 29 2 *', '2096-03-01T00:00:00Z', '2104-02-29T00:00:00.000Z'],
    ['0 0 * * 7', '2026-03-02T00:00:00Z', '2026-03-08T00:00:00.000Z'],
    ['0 0 * * sun', '2026-03-02T00:00:00Z', '2026-03-08T00:00:00.000Z'],
    ['0 0 * * 5-7', '2026-03-02T00:00:00Z', '2026-03-06T00:00:00.000Z'],
    ['0 12 * JAN-mar Mon,TUE', '2026-03-31T12:00:00Z', '2027-01-04T12:00:00.000Z'],
    // Both day fields restrict: either may match.
    ['0 0 13 * 5', '2026-03-07T00:00:00Z', '2026-03-13T00:00:00.000Z'],
    ['0 0 15 * 5', '2026-03-09T00:00:00Z', '2026-03-13T00:00:00.000Z'],
    // A field that begins with a star does not restrict, even with a step: both must match.
    ['0 0 */2 * 5', '2026-03-01T00:00:00Z', '2026-03-13T00:00:00.000Z'],
    ['0 0 1 * sat-sun', '2026-03-02T00:00:00Z', '2026-04-01T00:00:00.000Z'],
    ['@hourly', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00.000Z'],
    ['@daily', '2026-03-01T10:00:00Z', '2026-03-02T00:00:00.000Z'],
    ['@midnight', '2026-03-01T10:00:00Z', '2026-03-02T00:00:00.000Z'],
    ['@weekly', '2026-03-01T10:00:00Z', '2026-03-08T00:00:00.000Z'],
    ['@monthly', '2026-03-01T10:00:00Z', '2026-04-01T00:00:00.000Z'],
    ['@yearly', '2026-03-01T10:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['@annually', '2026-03-01T10:00:00Z', '2027-01-01T00:00:00.000Z'],
    // The daemon skips what follows a complete list up to the blank.
    ['0~30 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00.000Z'],
    ['*-5 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T10:01:00.000Z'],
    ['*/90 * * * *', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00.000Z'],
    ['007 08 * * *', '2026-03-01T10:00:00Z', '2026-03-02T08:07:00.000Z'],
  ])('%s after %s', (when, from, expected) => {
    expect(next(when, from)).toBe(expected);
  });

  it.each(['@reboot', '0 0 30 2 *', '30-10 * * * *', '0 0 * * sat-sun', '0 0 31 2,4,6,9,11 *'])(
    '%s has none',
    (when) => {
      expect(next(when, '2026-03-01T10:00:00Z')).toBeNull();
    },
  );

  it('is the first minute that matches, as counting minutes finds it', () => {
    const part = (low: number, high: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: low, max: high }).map(String),
        fc
          .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.integer({ min: 1, max: 9 }).map((step) => `*/${step}`),
      );
    const when = fc
      .tuple(part(0, 59), part(0, 23), part(1, 28), part(1, 12), part(0, 7))
      .map((parts) => parts.join(' '));
    const from = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(when, from, (spec, start) => {
        const found = nextCronRun(spec, start);
        expect(found).not.toBeNull();
        const limit = Math.min(found?.getTime() ?? 0, start.getTime() + 3 * 86_400_000);
        let minute = Math.floor(start.getTime() / 60_000) * 60_000 + 60_000;
        for (; minute < limit; minute += 60_000) if (matches(spec, new Date(minute))) break;
        if (minute < limit) expect.fail(`${spec} matches ${new Date(minute).toISOString()} already`);
        expect(matches(spec, found as Date)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** crontab(5) once more, slow and simple. */
function matches(when: string, date: Date): boolean {
  const parts = when.split(' ');
  const values = [
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth() + 1,
    date.getUTCDay(),
  ];
  const lows = [0, 0, 1, 1, 0];
  const highs = [59, 23, 31, 12, 7];
  const hit = parts.map((part, index) => {
    const [range = '', step = '1'] = part.split('/');
    const [low = lows[index], high] =
      range === '*' ? [lows[index], highs[index]] : range.split('-').map(Number);
    const candidates = index === 4 && values[4] === 0 ? [0, 7] : [values[index] as number];
    return candidates.some(
      (value) =>
        value >= (low as number) &&
        value <= (high ?? (low as number)) &&
        (value - (low as number)) % Number(step) === 0,
    );
  });
  const [minute, hour, day, month, weekday] = hit as [boolean, boolean, boolean, boolean, boolean];
  const either = !parts[2]?.startsWith('*') && !parts[4]?.startsWith('*');
  return minute && hour && month && (either ? day || weekday : day && weekday);
}

describe('what cron refuses, in its own words', () => {
  it.each([
    ['60 * * * *', 'bad minute'],
    ['*/0 * * * *', 'bad minute'],
    ['*/-5 * * * *', 'bad minute'],
    ['5/15 * * * *', 'bad minute'],
    ['1,,2 * * * *', 'bad minute'],
    ['1,2, * * * *', 'bad minute'],
    ['jan * * * *', 'bad minute'],
    ['-* * * * *', 'bad minute'],
    ['this is bad', 'bad minute'],
    ['0 24 * * *', 'bad hour'],
    ['0 0 0 * *', 'bad day-of-month'],
    ['0 0 32 * *', 'bad day-of-month'],
    ['0 0 * january *', 'bad month'],
    ['0 0 * * 8', 'bad day-of-week'],
    ['* * * *', 'bad day-of-week'],
    ['@Weekly', 'bad time specifier'],
    ['@every_minute', 'bad time specifier'],
    ['', 'bad minute'],
  ])('%s', (when, error) => {
    expect(parseCronTimes(when)).toBe(error);
    expect(nextCronRun(when, new Date())).toBeNull();
  });

  it.each([
    ['5/15 * * * *', 'bad minute'],
    ['*-5 * * * *', 'bad minute'],
    ['0 5x * * *', 'bad hour'],
    ['50~10 * * * *', 'bad minute'],
  ])('cronie: %s', (when, error) => {
    expect(parseCronTimes(when, cronie)).toBe(error);
  });

  it('cronie: a random number is known by its highest', () => {
    expect(parseCronTimes('0~30 ~5 20~ * *', cronie)).toMatchObject({
      minutes: new Set([30]),
      hours: new Set([5]),
      days: new Set([31]),
    });
  });

  it('never throws, and never takes for ever', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-*/,0-9a-z~@ ]{0,30}$/)), (when) => {
        nextCronRun(when, new Date('2026-01-01T00:00:00Z'));
      }),
    );
  });
});
