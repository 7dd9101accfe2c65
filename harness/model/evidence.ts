// What one case recorded: enough to judge it again, and to judge it with other rules, without Docker.

import type { Atomic } from './atomic.ts';
import type { Expectation } from './expectation.ts';
import type { Inventory } from './inventory.ts';
import type { Mitigation } from './mitigation.ts';
import type { Step } from './run-record.ts';

export const evidenceVersion = 1;

/** A step with the argument vector that was executed: how its first process is recognised among the events. */
export interface RecordedStep extends Step {
  argv: string[];
}

/** Something the harness could not do: the case is errored, whatever else was seen. */
export interface CaseFault {
  code: string;
  message: string;
}

/** case.json; the events lie beside it in events.ndjson. */
export interface CaseEvidence {
  evidenceVersion: typeof evidenceVersion;
  id: string;
  /** `idle` does nothing: what fires there fires on nothing. */
  kind: 'attack' | 'benign' | 'idle';
  atomic: Atomic | null;
  expectation: Expectation | null;
  target: string;
  mitigation: Mitigation | null;
  user: string;
  /** Put into the payload's command line where the payload is ours. */
  nonce: string;
  /** One for each legitimate use under the mitigation, in its order. */
  legitimateNonces: string[];
  /** Why it was not run; null when it ran. */
  skipped: string | null;
  steps: RecordedStep[];
  /** Before the attack, right after it, and after cleanup. */
  inventory: { before: Inventory; scheduled: Inventory; after: Inventory };
  /** One line for each change that the file system still shows after cleanup. */
  filesystem: string[];
  telemetry: { perSensor: Record<string, { events: number; lost: number }> };
  faults: CaseFault[];
  timings: Record<string, number>;
}
