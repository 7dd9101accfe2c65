// The time of an event, in milliseconds with the fraction that the source gave.

/**
 * The event's `@timestamp` (ISO 8601 text, or a number of milliseconds) as milliseconds since 1970.
 * Gives undefined when the event has none, or none that can be read.
 */
export function timestampOf(event: object): number | undefined {
  const stamp = (event as { readonly '@timestamp'?: unknown })['@timestamp'];
  if (typeof stamp === 'number') return stamp;
  if (typeof stamp !== 'string') return undefined;
  const parsed = Date.parse(stamp);
  if (!Number.isNaN(parsed)) return parsed + beyondMilliseconds(stamp);
  // Elasticsearch also takes milliseconds as text.
  return /^-?\d+$/.test(stamp) ? Number(stamp) : undefined;
}

/** What the text says below a millisecond: `Date` drops it, but one kernel's events are closer together. */
function beyondMilliseconds(stamp: string): number {
  const digits = /\.\d{3}(\d+)/.exec(stamp)?.[1];
  return digits === undefined ? 0 : Number(`0.${digits}`);
}
