// What the times of a cron entry say: vixie cron's five fields and its @-forms, read as the daemon reads them (measured
// against Debian's cron 3.0pl1).

import { type CronDialect, vixie } from '../../schedulers/cron-dialect.ts';

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
      /** Minute or hour begins with `*`: the daemon treats such a job differently when the clock changes. */
      readonly isWildcard: boolean;
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

/** Reads a complete time specification; gives cron's problem when it is none. */
export function parseCronTimes(when: string, dialect: CronDialect = vixie): CronTimes | CronError {
  const read = readCronTimes(when, dialect);
  if ('error' in read) return read.error;
  return when.slice(read.length).trim() === '' ? read.times : 'bad command';
}

/** Reads the times at the beginning of an entry, and tells how long they are. */
export function readCronTimes(
  entry: string,
  dialect: CronDialect = vixie,
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
  const isWildcard = texts.slice(0, 2).some((text) => text.startsWith('*'));
  return {
    times: { kind: 'times', minutes, hours, days, months, weekdays, anyDay, anyWeekday, isWildcard },
    length,
  };
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
 * What follows a complete list without a comma vixie cron skips up to the next blank (`0~30` is 0), cronie refuses; but
 * it takes `low~high` for a random number between them, which is known here as the highest. A range that runs
 * backwards is taken by both, and matches nothing.
 */
function parseField(
  text: string,
  { low, high, names }: Field,
  dialect: CronDialect,
): Set<number> | undefined {
  const random = dialect.hasRandomRanges ? /^(\w*)~(\w*)$/.exec(text) : null;
  if (random) {
    const [from, to] = [random[1] || String(low), random[2] || String(high)].map((word) =>
      value(word, low, high, names),
    );
    return from === undefined || to === undefined || from > to ? undefined : new Set([to]);
  }
  const set = new Set<number>();
  let rest = text;
  const word = (): string => {
    const taken = /^[A-Za-z0-9]*/.exec(rest)?.[0] ?? '';
    rest = rest.slice(taken.length);
    return taken;
  };
  for (;;) {
    let first: number | undefined = low;
    let last: number | undefined = high;
    const isSingle = !rest.startsWith('*') && !/^[A-Za-z0-9]+-/.test(rest);
    if (rest.startsWith('*')) rest = rest.slice(1);
    else {
      first = value(word(), low, high, names);
      last = first;
      if (!isSingle) {
        rest = rest.slice(1);
        last = value(word(), low, high, names);
      }
    }
    if (first === undefined || last === undefined) return undefined;
    let step = 1;
    if (rest.startsWith('/')) {
      rest = rest.slice(1);
      const digits = word();
      step = /^\d+$/.test(digits) ? Number(digits) : 0;
      // A step needs a range: `5/15` is an error.
      if (isSingle || step < 1) return undefined;
    }
    for (let number = first; number <= last; number += step) set.add(number);
    if (!rest.startsWith(',')) return rest === '' || dialect.skipsRestOfField ? set : undefined;
    rest = rest.slice(1);
  }
}

/** A number, or a name that stands for one; undefined when it is neither or lies outside. */
function value(word: string, low: number, high: number, names: readonly string[]): number | undefined {
  const number = /^\d+$/.test(word) ? Number(word) : low + indexOrNaN(names, word.toLowerCase());
  return number >= low && number <= high ? number : undefined;
}

function indexOrNaN(names: readonly string[], name: string): number {
  const index = names.indexOf(name);
  return index < 0 ? Number.NaN : index;
}
