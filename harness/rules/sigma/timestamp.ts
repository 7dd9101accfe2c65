// The time modifiers (`hour`, `week`, …): a part of a date as it is written, without any change of time zone.

export const timeParts = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof timeParts)[number];

/**
 * The part of a date in a field. Text must begin with a date (`2025-03-04`, `2025/03/04`), a time may follow after
 * `T` or a space; numbers are seconds (or milliseconds) since 1970 in UTC. Gives undefined for anything else, and
 * for the hour of a date that has none.
 */
export function timePartOf(value: unknown, part: TimePart): number | undefined {
  const date =
    typeof value === 'number' ? fromEpoch(value) : typeof value === 'string' ? fromText(value) : undefined;
  if (date === undefined) return undefined;
  switch (part) {
    case 'minute':
      return date.minute;
    case 'hour':
      return date.hour;
    case 'day':
      return date.day;
    case 'week':
      return isoWeek(date);
    case 'month':
      return date.month;
    case 'year':
      return date.year;
  }
}

interface WrittenDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour?: number;
  readonly minute?: number;
}

const written = /^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2}))?/;

function fromText(text: string): WrittenDate | undefined {
  const match = written.exec(text);
  if (match === null) return /^\s*\d{9,13}(?:\.\d+)?\s*$/.test(text) ? fromEpoch(Number(text)) : undefined;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (match[4] === undefined) return { year, month, day };
  const [hour = 0, minute = 0] = match.slice(4, 6).map(Number);
  return hour > 23 || minute > 59 ? undefined : { year, month, day, hour, minute };
}

function fromEpoch(number: number): WrittenDate | undefined {
  // Seconds up to the year 5138, milliseconds above.
  const date = new Date(Math.abs(number) < 1e11 ? number * 1000 : number);
  if (Number.isNaN(date.getTime())) return undefined;
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

/** ISO 8601: weeks begin on Monday, the first one of a year holds its first Thursday. */
function isoWeek({ year, month, day }: WrittenDate): number {
  const thursday = new Date(Date.UTC(year, month - 1, day));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (thursday.getUTCDay() || 7));
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.ceil(((thursday.getTime() - newYear) / 86_400_000 + 1) / 7);
}
