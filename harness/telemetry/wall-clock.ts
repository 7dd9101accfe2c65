// A clock on a wall somewhere: which instant it was when it showed a time, by the zone's rules or by an offset.

/** From milliseconds that a clock would show in UTC to the instant when it showed them. */
export type WallClock = (clockMs: number) => number;

/** The clock of a zone such as `Europe/Berlin`, daylight saving included; undefined for a name that is no zone's. */
export function zoneClock(zone: string): WallClock | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const offsetAt = (instantMs: number): number => {
    const whole = Math.floor(instantMs / 1000) * 1000;
    const parts = new Map(format.formatToParts(whole).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
    const shown = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return shown - whole;
  };
  return (clockMs) => {
    // The offsets half a day before and after: where they differ, the clock is changed in between. Of an hour that
    // comes twice the first is meant; one that is left out is read by the offset before.
    const before = offsetAt(clockMs - 43_200_000);
    const after = offsetAt(clockMs + 43_200_000);
    const early = clockMs - before;
    if (before === after || offsetAt(early) === before) return early;
    const late = clockMs - after;
    return offsetAt(late) === after ? late : early;
  };
}

export const offsetClock =
  (offsetMs: number): WallClock =>
  (clockMs) =>
    clockMs - offsetMs;

const quarterHour = 900_000;

/**
 * The offset of a clock from UTC, told by an instant that was shortly before or after it.
 * @returns undefined where the two are further apart than that, or no zone has such an offset
 */
export function offsetBetween(clockMs: number, instantMs: number): number | undefined {
  const offset = Math.round((clockMs - instantMs) / quarterHour) * quarterHour;
  const rest = Math.abs(clockMs - instantMs - offset);
  return rest <= 60_000 && offset >= -12 * 4 * quarterHour && offset <= 14 * 4 * quarterHour
    ? offset
    : undefined;
}

/** `+02:00` */
export function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
