// What the engine reports: which rule, on which events, when.

import type { Rule } from '../rule.ts';

export interface Match {
  readonly rule: Rule;
  /** The handles that the events were pushed with, in the order of the rule's stages. */
  readonly handles: readonly number[];
  /** Time of the last of these events. */
  readonly timestampMs: number;
  /** The events ended before the time that a correlation looks at was over: it was judged on what there was. */
  readonly open?: true;
}

/** One event as it arrives. */
export interface Arrival {
  readonly event: object;
  /** The caller's name for the event: a line number, an index. */
  readonly handle: number;
  readonly timestampMs: number;
}
