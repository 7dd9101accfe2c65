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
  const parsed = Date.parse(withoutZone.test(stamp) ? `${stamp.trim().replace(' ', 'T')}Z` : stamp);
  return Number.isNaN(parsed) ? undefined : parsed + beyondMilliseconds(stamp);
}

/** Time without a zone is UTC: events do not know where they are read. */
const withoutZone = /^\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*$/;

/** What the text says below a millisecond: `Date` drops it, but one kernel's events are closer together. */
function beyondMilliseconds(stamp: string): number {
  const digits = /\.\d{3}(\d+)/.exec(stamp)?.[1];
  return digits === undefined ? 0 : Number(`0.${digits}`);
}
