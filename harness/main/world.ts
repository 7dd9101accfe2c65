// What the harness may know of the process that it works in.

import type { TerminalUser } from '../engine/ports.ts';
import type { CasePhase, OnRunEvent, OnRunFact } from '../model/run-event.ts';

export type { TerminalUser };

export interface World {
  /** Aborted when whoever asked wants no answer any more. */
  readonly signal: AbortSignal;
  /** Settings for those who develop the harness: ATOMCLOCK_SENSOR_RING_KIB. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Holds a run between the stages of its cases: asked before each, which begins when this has resolved. A target that
   * may be held lives longer. It may stay pending for ever where the case ends meanwhile.
   */
  readonly beforePhase?: (caseId: string, phase: CasePhase) => Promise<void>;
  /** Who sits at the terminal that a request asks for. */
  readonly terminal?: TerminalUser;
}

/** Adds to each fact the time at which it is said. */
export const stamped =
  (onEvent: OnRunEvent): OnRunFact =>
  (fact) =>
    onEvent({ at: new Date().toISOString(), ...fact });
