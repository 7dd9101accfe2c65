// The time of an event, in milliseconds with the fraction that the source gave.

/**
 * The event's `@timestamp` (ISO 8601 text, or a number of milliseconds) as milliseconds since 1970.
 * Gives undefined when the event has none, or none that can be read.
 */
export const timestampOf = (event: object): number | undefined =>
  instantOf((event as { readonly '@timestamp'?: unknown })['@timestamp']);

/** The same for the value of any field that holds a date. */
export function instantOf(stamp: unknown): number | undefined {
  if (typeof stamp === 'number' || typeof stamp === 'bigint') return Number(stamp);
  if (typeof stamp !== 'string') return undefined;
  // As Elasticsearch reads it: four digits are a year, any other number is milliseconds.
  if (/^-?\d+$/.test(stamp) && stamp.length !== 4) return Number(stamp);
  const parsed = Date.parse(isInstant.test(stamp) ? stamp : withZone(stamp));
  return Number.isNaN(parsed) ? undefined : parsed + beyondMilliseconds(stamp);
}

/** What nearly every event has: nothing need be done about it. */
const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * The text with a zone that it names, or UTC: events do not know where they are read, and what `Date` takes for local
 * time would be another instant on the next machine.
 * @source Elasticsearch reference, date format `date_optional_time`: minutes, seconds, fraction and zone may be missing
 */
function withZone(stamp: string): string {
  const text = stamp.trim();
  const [, date, hour = '', minute = '00', second = '00', fraction = '0', zone = 'Z'] = iso.exec(text) ?? [];
  if (date !== undefined) {
    const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : /^[+-]/.test(zone) ? zone : 'Z';
    return `${date}T${hour}:${minute}:${second}.${fraction}${offset}`;
  }
  return namesZone.test(text) || isDate.test(text) ? text : `${text} UTC`;
}

const iso =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/;
/** In other forms than ISO's, at the end: an offset, or letters, but those of a clock of twelve hours. */
const namesZone = /(?:[+-]\d\d:?\d\d|(?!\b[AP]M\b)\b[A-Z]{1,5})(?: ?\([^)]*\))?$/;
/** Read as UTC already. */
const isDate = /^\d{4}(?:-\d\d){0,2}$/;

/** What the text says below a millisecond: `Date` drops it, but one kernel's events are closer together. */
function beyondMilliseconds(stamp: string): number {
  const digits = /[.,]\d{3}(\d+)/.exec(stamp)?.[1];
  return digits === undefined ? 0 : Number(`0.${digits}`);
}
