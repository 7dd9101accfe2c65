// The time at the head of a log line, in the forms that syslog daemons, journalctl and BusyBox write: an instant where
// the line names its zone, else a clock on somebody's wall.

/** What a line says of its time. */
export type SyslogTime =
  | { readonly kind: 'instant'; readonly ms: number }
  /** Without a zone: the milliseconds that it would be in UTC; `hasYear` where the line names the year. */
  | { readonly kind: 'clock'; readonly ms: number; readonly hasYear: boolean }
  /** The nil value of RFC 5424. */
  | { readonly kind: 'nil' };

const clock = String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?`;
const isoZone = String.raw`(?: ?(?:Z|z|UTC|GMT)|(?: ?[+-]\d\d(?::?\d\d)?))`;
const iso = String.raw`\d{4}(?:-\d\d-\d\d|/\d\d/\d\d)[Tt ]${clock}${isoZone}?`;
const compactIso = String.raw`\d{8}[Tt ]\d{6}(?:[.,]\d+)?${isoZone}?`;
/** `Oct 31 23:59:01`; the day with one blank or two, the year before or after the clock, the month in any language. */
const traditional = String.raw`(?:\p{L}{2,9}\.?,? )?(?:\p{L}{2,12}\.?|\d{1,2}[月월])  ?\d{1,2}(?: \d{4})? ${clock}(?: \d{4}(?= ))?(?: (?:UTC|GMT|Z)(?= ))?`;
/** journalctl's short-full: the day of the week before a date, the zone after it, by a name that several zones have. */
const weekday = String.raw`\p{L}{2,9}\.? `;
const epoch = String.raw`\d{9,10}(?:\.\d+)?|\d{13}`;

/** What may stand at the head of a line as its time, as the source of a regular expression (flag `u`). */
export const timePattern = `(?:${weekday}${iso}(?: [A-Z]{2,5}(?= ))?|${iso}|${compactIso}|${traditional}|${epoch})`;

/**
 * Reads a time.
 * @param now tells the year, which traditional times leave out: they are of the last twelve months
 * @returns undefined for what is no time: a month of no language, a day that the month does not have
 */
export function readSyslogTime(text: string, now: Date): SyslogTime | undefined {
  if (text === '-') return { kind: 'nil' };
  if (/^\d{9,10}(?:\.\d+)?$/.test(text)) return { kind: 'instant', ms: Math.floor(Number(text) * 1000) };
  if (/^\d{13}$/.test(text)) return { kind: 'instant', ms: Number(text) };
  return isoTime(text) ?? traditionalTime(text, now);
}

function isoTime(text: string): SyslogTime | undefined {
  const [, year = '', month = '', day = '', hour, minute, second, fraction = '', zone] =
    /^(?:\p{L}{2,9}\.? )?(\d{4})[-/]?(\d\d)[-/]?(\d\d)[Tt ](\d\d):?(\d\d):?(\d\d)(?:[.,](\d+))?(?: ?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?(?: [A-Z]{2,5})?$/u.exec(
      text,
    ) ?? [];
  if (hour === undefined) return undefined;
  const ms = instantOf(Number(year), Number(month), Number(day), `${hour}:${minute}:${second}`, fraction);
  if (ms === undefined) return undefined;
  if (zone === undefined) return { kind: 'clock', ms, hasYear: true };
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return { kind: 'instant', ms: sign === '-' ? ms + offset : ms - offset };
}

function traditionalTime(text: string, now: Date): SyslogTime | undefined {
  const [, name = '', day = '', before, time = '', fraction = '', after, zone] =
    /(\p{L}{2,12}\.?|\d{1,2}[月월]) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d:\d\d:\d\d)(?:[.,](\d+))?(?: (\d{4}))?(?: (UTC|GMT|Z))?$/u.exec(
      text,
    ) ?? [];
  const month = monthOf(name);
  if (month === undefined) return undefined;
  const year = before ?? after;
  const at = (each: number): number | undefined => instantOf(each, month, Number(day), time, fraction);
  const told = year === undefined ? latestOf(at, now) : at(Number(year));
  if (told === undefined) return undefined;
  return zone === undefined
    ? { kind: 'clock', ms: told, hasYear: year !== undefined }
    : { kind: 'instant', ms: told };
}

/** Of the last years the latest that is not ahead: clocks of other zones may be a day ahead, and February 29 is rare. */
function latestOf(at: (year: number) => number | undefined, now: Date): number | undefined {
  const thisYear = now.getUTCFullYear();
  for (let year = thisYear; year > thisYear - 9; year--) {
    const ms = at(year);
    if (ms !== undefined && ms <= now.getTime() + 86_400_000) return ms;
  }
  return undefined;
}

/** Undefined for what no calendar has. */
function instantOf(
  year: number,
  month: number,
  day: number,
  time: string,
  fraction: string,
): number | undefined {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
}

/** Languages whose abbreviations of months contradict none of the others. */
const languages = 'en de fr es it pt nl da sv nb fi pl cs sk hu ro ru uk bg tr el et lv ca sl'.split(' ');

let months: ReadonlyMap<string, number | 'ambiguous'> | undefined;

/** From 1; undefined for what is the name of no month, or of different ones in different languages. */
function monthOf(written: string): number | undefined {
  const numbered = /^(\d{1,2})[月월]$/.exec(written)?.[1];
  if (numbered !== undefined) return Number(numbered) <= 12 ? Number(numbered) : undefined;
  const name = normal(written);
  const english = 'janfebmaraprmayjunjulaugsepoctnovdec'.indexOf(name);
  if (name.length === 3 && english >= 0 && english % 3 === 0) return english / 3 + 1;
  months ??= monthNames();
  const month = months.get(name);
  return month === 'ambiguous' ? undefined : month;
}

const normal = (name: string): string => name.normalize('NFC').toLowerCase().replace(/\.$/, '');

/** Names and their beginnings of three letters or more: what a C library abbreviates is mostly such a beginning. */
function monthNames(): ReadonlyMap<string, number | 'ambiguous'> {
  const whole = new Map<string, number | 'ambiguous'>();
  const begun = new Map<string, number | 'ambiguous'>();
  const note = (into: Map<string, number | 'ambiguous'>, name: string, month: number): void => {
    into.set(name, into.has(name) && into.get(name) !== month ? 'ambiguous' : month);
  };
  for (const language of languages) {
    for (let month = 1; month <= 12; month++) {
      const date = new Date(Date.UTC(2026, month - 1, 15));
      for (const style of ['short', 'long'] as const) {
        for (const day of [undefined, 'numeric'] as const) {
          const format = new Intl.DateTimeFormat(language, {
            month: style,
            timeZone: 'UTC',
            ...(day && { day }),
          });
          const part = format.formatToParts(date).find(({ type }) => type === 'month')?.value ?? '';
          const name = normal(part);
          if (!/^\p{L}{2,}$/u.test(name)) continue;
          note(whole, name, month);
          for (let length = 3; length < name.length; length++) note(begun, name.slice(0, length), month);
        }
      }
    }
  }
  return new Map([...begun, ...whole]);
}
