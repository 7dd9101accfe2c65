// What the harness may know of the process that it works in.

import type { OnRunEvent, OnRunFact } from '../model/run-event.ts';

export interface World {
  /** Aborted when whoever asked wants no answer any more. */
  readonly signal: AbortSignal;
  /** Settings for those who develop the harness: ATOMCLOCK_SENSOR_RING_KIB. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Adds to each fact the time at which it is said. */
export const stamped =
  (onEvent: OnRunEvent): OnRunFact =>
  (fact) =>
    onEvent({ at: new Date().toISOString(), ...fact });
