// Puts a stream of events in order of time: exports mostly come with the latest first, and sequences would see nothing.

import { timestampOf } from '../../rules/index.ts';
import type { NumberedEvent } from './numbered-event.ts';

/** As many as a search of Elasticsearch gives at once; a longer stream is taken as it comes: memory stays flat. */
const mostSorted = 10_000;

/** The events in order of time, those of one time in their own order; one without a time stays behind its neighbour. */
export async function* inOrderOfTime(
  events: AsyncIterable<Iterable<NumberedEvent>>,
): AsyncGenerator<Iterable<NumberedEvent>> {
  let held: { readonly at: number; readonly event: NumberedEvent }[] | undefined = [];
  let at = Number.NEGATIVE_INFINITY;
  for await (const some of events) {
    if (held === undefined) {
      yield some;
      continue;
    }
    const rest = Iterator.from(some);
    for (let next = rest.next(); !next.done; next = rest.next()) {
      at = timestampOf(next.value.event) ?? at;
      held.push({ at, event: next.value });
      if (held.length > mostSorted) break;
    }
    if (held.length <= mostSorted) continue;
    yield held.map(({ event }) => event);
    held = undefined;
    yield rest;
  }
  held?.sort((a, b) => a.at - b.at);
  yield (held ?? []).map(({ event }) => event);
}
