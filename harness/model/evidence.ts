// What one case recorded: enough to judge it again, and to judge it with other rules, without Docker.

import { z } from 'zod';
import { atomicSchema } from './atomic.ts';
import { expectationSchema } from './expectation.ts';
import { inventorySchema } from './inventory.ts';
import { mitigationSchema } from './mitigation.ts';
import { stepSchema } from './run-record.ts';

export const evidenceVersion = 1;

/** A step with the argument vector that was executed: how its first process is recognised among the events. */
const recordedStepSchema = stepSchema.extend({ argv: z.array(z.string()) });
export type RecordedStep = z.infer<typeof recordedStepSchema>;

/** Something the harness could not do: the case is errored, whatever else was seen. */
const faultSchema = z.strictObject({ code: z.string(), message: z.string() });

/** case.json; the events lie beside it in events.ndjson. */
export const caseEvidenceSchema = z.strictObject({
  evidenceVersion: z.literal(evidenceVersion),
  id: z.string(),
  /** `idle` does nothing: what fires there fires on nothing. */
  kind: z.enum(['attack', 'benign', 'idle']),
  atomic: atomicSchema.nullable(),
  expectation: expectationSchema.nullable(),
  target: z.string(),
  mitigation: mitigationSchema.nullable(),
  user: z.string(),
  /** Put into the payload's command line where the payload is ours. */
  nonce: z.string(),
  /** One for each legitimate use under the mitigation, in its order. */
  legitimateNonces: z.array(z.string()),
  /** Why it was not run; null when it ran. */
  skipped: z.string().nullable(),
  steps: z.array(recordedStepSchema),
  /** Before the attack, while its launch was waited for, after cleanup, and while legitimate use was tried. */
  inventory: z.strictObject({
    before: inventorySchema,
    scheduled: inventorySchema,
    after: inventorySchema,
    legitimate: inventorySchema,
  }),
  /** One line for each change that the file system still shows after cleanup. */
  filesystem: z.array(z.string()),
  telemetry: z.strictObject({
    perSensor: z.record(z.string(), z.strictObject({ events: z.int(), lost: z.int() })),
  }),
  faults: z.array(faultSchema),
  timings: z.record(z.string(), z.number()),
});
export type CaseEvidence = z.infer<typeof caseEvidenceSchema>;
