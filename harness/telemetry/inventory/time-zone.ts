// A time zone as a daemon of the target has it: how far local time is from UTC at any moment, and when that changes.

export interface LocalTime {
  /** Seconds east of UTC. */
  readonly offsetSeconds: number;
  /** What localtime(3) gives as tm_isdst. */
  readonly isDst: boolean;
}

export interface TimeZone {
  /** As a reader knows it: `Europe/Berlin`, a TZ string, `+05:30` where nothing but the offset is known. */
  readonly name: string;
  /** @param ms milliseconds since the epoch */
  at(ms: number): LocalTime;
  /** The first moment after `ms` at which another rule of the zone begins; null where none does. */
  nextChange(ms: number): number | null;
}

/** A zone of which only the present offset is known: a change to daylight saving cannot be foreseen. */
export function fixedZone(offsetSeconds: number, name = offsetName(offsetSeconds), isDst = false): TimeZone {
  return { name, at: () => ({ offsetSeconds, isDst }), nextChange: () => null };
}

export const utc: TimeZone = fixedZone(0, 'UTC');

/** `+05:30`. */
export function offsetName(offsetSeconds: number): string {
  const minutes = Math.round(Math.abs(offsetSeconds) / 60);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** One zone up to a moment, another from then on: what a daemon has that was told of a move. */
export function movedZone(before: TimeZone, momentMs: number, after: TimeZone): TimeZone {
  return {
    name: after.name,
    at: (ms) => (ms < momentMs ? before : after).at(ms),
    nextChange(ms) {
      if (ms >= momentMs) return after.nextChange(ms);
      const change = before.nextChange(ms);
      return change === null || change > momentMs ? momentMs : change;
    },
  };
}

/**
 * A zone by its name in the tz database, as this machine's own copy of that has it.
 * @returns undefined for a name that is not in it
 */
export function namedZone(name: string): TimeZone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  const offsetAt = (ms: number): number => {
    const text = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0', seconds = '0'] =
      /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  };
  return {
    name,
    at(ms) {
      const offsetSeconds = offsetAt(ms);
      // Standard time is the smaller offset of the year; Ireland's negative daylight saving is read the same way.
      const usual = Math.min(...[-2, -1, 1, 2].map((quarters) => offsetAt(ms + quarters * quarterMs)));
      return { offsetSeconds, isDst: offsetSeconds > usual };
    },
    nextChange(ms) {
      const offset = offsetAt(ms);
      for (let low = ms; low < ms + searchedMs; low += stepMs) {
        if (offsetAt(low + stepMs) === offset) continue;
        let high = low + stepMs;
        while (high - low > 1000) {
          const middle = low + Math.floor((high - low) / 2000) * 1000;
          if (offsetAt(middle) === offset) low = middle;
          else high = middle;
        }
        // Zones change on whole minutes, and `ms` may be any.
        return Math.floor(high / 60_000) * 60_000;
      }
      return null;
    },
  };
}

const dayMs = 86_400_000;
const quarterMs = 91 * dayMs;
/** No zone has had two changes in less than two weeks that cron would see: Ramadan's pause takes four. */
const stepMs = 10 * dayMs;
/** A zone that keeps its offset for longer than this is taken to keep it. */
const searchedMs = 400 * dayMs;
