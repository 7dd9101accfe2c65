// Puts a stream of events in order of time: exports mostly come with the latest first, and sequences would see nothing.

import { timestampOf } from '../../rules/index.ts';
import type { NumberedEvent } from './numbered-event.ts';

/** As many as a search of Elasticsearch gives at once; a longer stream is taken as it comes: memory stays flat. */
const mostSorted = 10_000;

/** The events in order of time, those of one time in their own order; one without a time stays behind its neighbour. */
export async function* inOrderOfTime(events: AsyncIterable<NumberedEvent>): AsyncGenerator<NumberedEvent> {
  let held: { readonly at: number; readonly event: NumberedEvent }[] | undefined = [];
  let at = Number.NEGATIVE_INFINITY;
  for await (const event of events) {
    at = timestampOf(event.event) ?? at;
    if (held !== undefined && held.length < mostSorted) {
      held.push({ at, event });
      continue;
    }
    for (const { event: earlier } of held ?? []) yield earlier;
    held = undefined;
    yield event;
  }
  held?.sort((a, b) => a.at - b.at);
  for (const { event } of held ?? []) yield event;
}
