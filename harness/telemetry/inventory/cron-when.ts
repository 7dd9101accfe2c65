// When a cron entry runs: vixie cron's five fields and its @-forms, read as the daemon reads them (measured against
// Debian's cron 3.0pl1), and the next minute that they match.

/** Which minutes match; bits as sets of numbers. `reboot` matches no minute: it runs once, when cron first starts. */
export type CronTimes =
  | { readonly kind: 'reboot' }
  | {
      readonly kind: 'times';
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      readonly days: ReadonlySet<number>;
      /** 1 to 12. */
      readonly months: ReadonlySet<number>;
      /** 0 is Sunday. */
      readonly weekdays: ReadonlySet<number>;
      /** A field that begins with `*` does not restrict: then both day fields must match, else either may. */
      readonly anyDay: boolean;
      readonly anyWeekday: boolean;
    };

/** The daemon's own words for what is wrong. */
export type CronError =
  | 'bad minute'
  | 'bad hour'
  | 'bad day-of-month'
  | 'bad month'
  | 'bad day-of-week'
  | 'bad time specifier'
  | 'bad command'
  | 'command too long'
  | 'bad username';

/** How far cron dialects differ in what they take for a time. */
export interface CronDialect {
  /** `5/15` means 5-59/15 (cronie, busybox); vixie cron refuses it. */
  readonly stepAfterNumber: boolean;
  /** Bytes of a command, its input included, as far as the daemon reads (Debian's cron: measured). */
  readonly longestCommand: number;
}
export const vixie: CronDialect = { stepAfterNumber: false, longestCommand: 998 };
export const cronie: CronDialect = { stepAfterNumber: true, longestCommand: 131_071 };

/**
 * The next time at which an entry is due, strictly after `from`; null when no date ever matches (`0 0 30 2 *`), for
 * `@reboot`, and for text that cron refuses.
 * @param when five fields or an @-form, as in the table
 * @param offsetMinutes the target's time zone, minutes east of UTC
 */
export function nextCronRun(when: string, from: Date, offsetMinutes = 0): Date | null {
  const times = parseCronTimes(when);
  if (typeof times === 'string' || times.kind === 'reboot') return null;
  // A range that runs backwards (`30-10`) is taken and holds nothing: no need to look for its day.
  if ([times.minutes, times.hours, times.months].some(({ size }) => size === 0)) return null;
  const offset = offsetMinutes * 60_000;
  const minute = 60_000;
  const local = new Date(Math.floor((from.getTime() + offset) / minute) * minute + minute);
  const lastYear = local.getUTCFullYear() + longestGapYears;
  while (local.getUTCFullYear() <= lastYear) {
    if (!times.months.has(local.getUTCMonth() + 1)) {
      local.setUTCMonth(local.getUTCMonth() + 1, 1);
      local.setUTCHours(0, 0);
    } else if (!isDueOn(times, local.getUTCDate(), local.getUTCDay())) {
      local.setUTCDate(local.getUTCDate() + 1);
      local.setUTCHours(0, 0);
    } else if (!times.hours.has(local.getUTCHours())) local.setUTCHours(local.getUTCHours() + 1, 0);
    else if (!times.minutes.has(local.getUTCMinutes())) local.setUTCMinutes(local.getUTCMinutes() + 1);
    else return new Date(local.getTime() - offset);
  }
  return null;
}

/** Between two 29ths of February lie up to eight years, around a century that is no leap year; with a weekday 40. */
const longestGapYears = 41;

type Times = Extract<CronTimes, { kind: 'times' }>;

/** Cron's famous rule: two restricted day fields are alternatives. */
function isDueOn({ days, weekdays, anyDay, anyWeekday }: Times, day: number, weekday: number): boolean {
  return anyDay || anyWeekday
    ? days.has(day) && weekdays.has(weekday)
    : days.has(day) || weekdays.has(weekday);
}

/** Reads a complete time specification; gives cron's complaint when it is none. */
export function parseCronTimes(when: string, dialect = vixie): CronTimes | CronError {
  const read = readCronTimes(when, dialect);
  if ('error' in read) return read.error;
  return when.slice(read.length).trim() === '' ? read.times : 'bad command';
}

/** Reads the times at the beginning of an entry, and tells how long they are. */
export function readCronTimes(
  entry: string,
  dialect = vixie,
): { times: CronTimes; length: number } | { error: CronError } {
  if (entry.startsWith('@')) {
    const word = /^@[^ \t]*/.exec(entry)?.[0] ?? '';
    const form = atForms[word];
    if (!form) return { error: 'bad time specifier' };
    if (form === 'reboot') return { times: { kind: 'reboot' }, length: word.length };
    const read = readCronTimes(form);
    return 'error' in read ? read : { times: read.times, length: word.length };
  }
  const sets: ReadonlySet<number>[] = [];
  const texts: string[] = [];
  let length = 0;
  for (const field of fields) {
    const blanks = /^[ \t]*/.exec(entry.slice(length))?.[0].length ?? 0;
    const text = /^[^ \t]*/.exec(entry.slice(length + blanks))?.[0] ?? '';
    const set = parseField(text, field, dialect);
    if (!set) return { error: field.error };
    sets.push(set);
    texts.push(text);
    length += blanks + text.length;
  }
  const [minutes, hours, days, months, weekdays] = sets as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  if (weekdays.has(7)) weekdays.add(0);
  const anyDay = texts[2]?.startsWith('*') ?? false;
  const anyWeekday = texts[4]?.startsWith('*') ?? false;
  return { times: { kind: 'times', minutes, hours, days, months, weekdays, anyDay, anyWeekday }, length };
}

/** Spelled exactly so: `@Weekly` is refused. */
const atForms: Readonly<Record<string, string>> = {
  '@reboot': 'reboot',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

interface Field {
  readonly error: CronError;
  readonly low: number;
  readonly high: number;
  /** Three letters, any case; the first stands for `low`. */
  readonly names: readonly string[];
}

const fields: readonly Field[] = [
  { error: 'bad minute', low: 0, high: 59, names: [] },
  { error: 'bad hour', low: 0, high: 23, names: [] },
  { error: 'bad day-of-month', low: 1, high: 31, names: [] },
  {
    error: 'bad month',
    low: 1,
    high: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { error: 'bad day-of-week', low: 0, high: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/**
 * list = range *("," range); range = ("*" / number ["-" number]) ["/" step].
 * What follows a complete list without a comma is skipped by the daemon up to the next blank: `0~30` is 0. A range
 * that runs backwards is taken, and matches nothing.
 */
function parseField(
  text: string,
  { low, high, names }: Field,
  dialect: CronDialect,
): Set<number> | undefined {
  const set = new Set<number>();
  let rest = text;
  const number = (): number | undefined => {
    const word = /^[A-Za-z0-9]+/.exec(rest)?.[0];
    if (word === undefined) return undefined;
    rest = rest.slice(word.length);
    const value = /^\d+$/.test(word) ? Number(word) : low + indexOrNaN(names, word.toLowerCase());
    return value >= low && value <= high ? value : undefined;
  };
  for (;;) {
    let first: number | undefined = low;
    let last: number | undefined = high;
    let single = false;
    if (rest.startsWith('*')) rest = rest.slice(1);
    else {
      first = number();
      single = !rest.startsWith('-');
      last = first;
      if (!single) {
        rest = rest.slice(1);
        last = number();
      }
    }
    if (first === undefined || last === undefined) return undefined;
    let step = 1;
    if (rest.startsWith('/')) {
      if (single && !dialect.stepAfterNumber) return undefined;
      if (single) last = high;
      rest = rest.slice(1);
      const word = /^[A-Za-z0-9]+/.exec(rest)?.[0] ?? '';
      rest = rest.slice(word.length);
      step = /^\d+$/.test(word) ? Number(word) : 0;
      if (step < 1) return undefined;
    }
    for (let value = first; value <= last; value += step) set.add(value);
    if (!rest.startsWith(',')) return set;
    rest = rest.slice(1);
  }
}

function indexOrNaN(names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  return index < 0 ? Number.NaN : index;
}
