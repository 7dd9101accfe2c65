// Events of other products, which have names of their own, in ECS.

import { falcoEvent } from './falco.ts';
import { osqueryEvent } from './osquery.ts';
import type { Said } from './said.ts';
import { tetragonEvent, tetragonKinds } from './tetragon.ts';

/**
 * An event of Falco, Tetragon or osquery with what it says in ECS beside what it has by its own names.
 * @returns undefined for any other
 */
export function productEvent(value: object): object | undefined {
  const read = readerOf(value);
  const event = read?.(value as Said);
  return event && { ...value, ...event };
}

/** By a name that it has and no event in ECS, which is known at once: every event of a file is asked. */
function readerOf(value: object): ((value: Said) => object | undefined) | undefined {
  if ('event' in value) return undefined;
  if ('output_fields' in value) return falcoEvent;
  if ('columns' in value) return osqueryEvent;
  return tetragonKinds.some((kind) => kind in value) ? tetragonEvent : undefined;
}
