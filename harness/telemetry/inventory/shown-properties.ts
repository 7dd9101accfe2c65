// Values of a unit's properties as `systemctl show` prints them (with --timestamp=us+utc, in UTC), so that one reader
// (units.ts) knows them, whoever was asked.

import type { BusValue } from './bus-message.ts';

/**
 * `NAME=VALUE` lines of one unit: one a property, several for one with several values.
 * @source systemd, src/shared/bus-print-properties.c; src/systemctl/systemctl-show.c, print_property
 */
export const shownProperties = (found: ReadonlyMap<string, BusValue>): string =>
  [...found].flatMap(([name, value]) => shown(name, value).map((text) => `${name}=${text}`)).join('\n');

function shown(name: string, value: BusValue): string[] {
  if (typeof value === 'boolean') return [value ? 'yes' : 'no'];
  if (typeof value === 'bigint') return [isTime(name) ? timestamp(value) : timespan(value)];
  if (!Array.isArray(value)) return [oneLine(String(value))];
  const items = value as readonly BusValue[];
  if (name === 'LoadError') return loadError(items);
  if (name.startsWith('Timers')) return items.map((item) => timerValue(item as readonly BusValue[]));
  if (name === 'EnvironmentFiles') return items.map((item) => fileValue(item as readonly BusValue[]));
  if (name.startsWith('Exec')) return items.map((item) => commandValue(item as readonly BusValue[]));
  return [items.map((item) => oneLine(String(item))).join(' ')];
}

const isTime = (name: string): boolean => name === 'NextElapseUSecRealtime' || name === 'LastTriggerUSec';

/** What stands in several lines would be several properties. */
const oneLine = (text: string): string => (text.includes('\n') ? '[unprintable]' : text);

const loadError = ([name = '', message = '']: readonly BusValue[]): string[] =>
  message === '' ? [''] : [`${oneLine(String(name))} "${oneLine(String(message))}"`];

/** (stt) of a span, (sst) of a calendar expression; and its next time. */
const timerValue = ([base = '', value = '', next = '']: readonly BusValue[]): string =>
  typeof value === 'bigint'
    ? `{ ${base}=${timespan(value)} ; next_elapse=${timespan(next as bigint)} }`
    : `{ ${base}=${oneLine(String(value))} ; next_elapse=${timestamp(next as bigint)} }`;

/** (sasbttttuii): path, arguments, whether failure is ignored, and of its last run, which nobody asks for here. */
const commandValue = ([path = '', argv = [], ignores]: readonly BusValue[]): string =>
  `{ path=${path} ; argv[]=${(argv as readonly BusValue[]).join(' ')} ; ignore_errors=${ignores ? 'yes' : 'no'} ; start_time=[n/a] }`;

/** (sb): path, whether it may be missing. */
const fileValue = ([path = '', mayMiss]: readonly BusValue[]): string =>
  `${oneLine(String(path))} (ignore_errors=${mayMiss ? 'yes' : 'no'})`;

const never = 2n ** 64n - 1n;

/** Microseconds since the epoch; empty where there is no such time. */
function timestamp(time: bigint): string {
  if (time === 0n || time === never) return '';
  const date = new Date(Number(time / 1000n));
  if (Number.isNaN(date.getTime())) return '';
  const [day = '', clock = ''] = date.toISOString().split('T');
  const rest = time % 1_000_000n;
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0')}`;
  return `${weekdays[date.getUTCDay()]} ${day} ${clock.slice(0, 8)}${fraction} UTC`;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const spanUnits: readonly (readonly [suffix: string, microseconds: bigint])[] = [
  ['y', 31_557_600_000_000n],
  ['month', 2_629_800_000_000n],
  ['w', 604_800_000_000n],
  ['d', 86_400_000_000n],
  ['h', 3_600_000_000n],
  ['min', 60_000_000n],
  ['s', 1_000_000n],
  ['ms', 1000n],
  ['us', 1n],
];

/** `1h 31min 24.244596s`. @source systemd, src/basic/time-util.c, format_timespan with an accuracy of 0 */
function timespan(span: bigint): string {
  if (span === never) return 'infinity';
  if (span === 0n) return '0';
  const parts: string[] = [];
  let left = span;
  for (const [suffix, size] of spanUnits) {
    if (left < size) continue;
    const rest = left % size;
    const digits = size.toString().length - 1;
    const isLast = left < 60_000_000n && rest > 0n && digits > 0;
    const fraction = isLast ? `.${rest.toString().padStart(digits, '0')}` : '';
    parts.push(`${left / size}${fraction}${suffix}`);
    left = isLast ? 0n : rest;
  }
  return parts.join(' ');
}
