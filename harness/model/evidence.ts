// What a run recorded: enough to judge it again, and to judge it with other rules, without Docker.

import { z } from 'zod';
import { atomicSchema } from './atomic.ts';
import { auditRecordingSchema } from './audit-recording.ts';
import { expectationSchema } from './expectation.ts';
import { inventorySchema } from './inventory.ts';
import { perSensorSchema } from './loss.ts';
import { mitigationSchema } from './mitigation.ts';
import { usesUnder } from './mitigation-use.ts';
import { runRecordSchema, stepSchema } from './run-record.ts';
import { variantSchema } from './variant.ts';

export const evidenceVersion = 2;

/** A step with the argument vector that was executed: how its first process is recognised among the events. */
const recordedStepSchema = stepSchema.extend({ argv: z.array(z.string()) });
export type RecordedStep = z.infer<typeof recordedStepSchema>;

/** Something the harness could not do: the case is errored, whatever else was seen. */
const faultSchema = z.strictObject({ code: z.string(), message: z.string() });

/** While it lasted a scheduler's daemon was restarted on another time of its clock: the harness's doing, not the attack's. */
const clockMoveSchema = z.strictObject({
  scheduler: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type ClockMove = z.infer<typeof clockMoveSchema>;

/** What any case records, whatever is done in it. */
const recorded = {
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
    perSensor: perSensorSchema,
  }),
  faults: z.array(faultSchema),
  /** In order, where there were any. */
  clockMoves: z.array(clockMoveSchema).exactOptional(),
  timings: z.record(z.string(), z.number()),
};

/** Does nothing: what fires there fires on nothing. */
const idleEvidenceSchema = z.strictObject({
  evidenceVersion: z.literal(evidenceVersion),
  id: z.string(),
  kind: z.literal('idle'),
  target: z.string(),
  ...recorded,
});
export type IdleEvidence = z.infer<typeof idleEvidenceSchema>;

/** An attack or a benign twin. */
const procedureEvidenceSchema = z.strictObject({
  evidenceVersion: z.literal(evidenceVersion),
  id: z.string(),
  kind: z.enum(['attack', 'benign']),
  /** As it ran: with the values of its variant for defaults. */
  atomic: atomicSchema,
  variant: variantSchema.nullable(),
  /** Values that the run gave to arguments (`--arg`), where it gave any; the atomic has them for defaults. */
  given: z.record(z.string(), z.string()).exactOptional(),
  expectation: expectationSchema.nullable(),
  target: z.string(),
  /** In the order in which they were applied. */
  mitigations: z.array(mitigationSchema),
  user: z.string(),
  /** Put into the payload's command line where the payload is ours. */
  nonce: z.string().min(1),
  /** One for each use that is tried under the mitigations, in the order of `usesUnder`; none where it is tried elsewhere. */
  legitimateNonces: z.array(z.string().min(1)),
  /** The case in which use under the same mitigations was tried; missing: this one. */
  legitimateIn: z.string().exactOptional(),
  /** Why it was not run; null when it ran. */
  skipped: z.string().nullable(),
  /** What mitigations with audit rules put on record, in a case under one and in its control; missing: nobody listened. */
  recording: auditRecordingSchema.exactOptional(),
  ...recorded,
});
export type ProcedureEvidence = z.infer<typeof procedureEvidenceSchema>;

export type CaseEvidence = IdleEvidence | ProcedureEvidence;

/** How many events were written beside it. */
const counted = { eventCount: z.int().nonnegative().exactOptional() };

/** case.json; the events lie beside it in events.ndjson. */
export const savedCaseSchema = z.discriminatedUnion('kind', [
  idleEvidenceSchema.extend(counted),
  procedureEvidenceSchema
    .extend(counted)
    .superRefine(({ mitigations, legitimateNonces, legitimateIn }, context) => {
      const uses = legitimateIn === undefined ? usesUnder(mitigations).length : 0;
      if (legitimateNonces.length === uses) return;
      const message = `expected ${uses} of them, one for each use that is tried here`;
      context.addIssue({ code: 'custom', path: ['legitimateNonces'], message, input: undefined });
    }),
]);
export type SavedCase = z.infer<typeof savedCaseSchema>;

/** The text of a rule that the run was judged by. */
const ruleTextSchema = z.strictObject({ file: z.string(), text: z.string(), bundled: z.boolean() });

/** evidence.json: the run as a whole. */
export const evidenceFileSchema = z.strictObject({
  evidenceVersion: z.literal(evidenceVersion),
  run: runRecordSchema.shape.run,
  rules: z.array(ruleTextSchema),
  /** What stood for the placeholders of the rules, where values were given. */
  placeholders: z.record(z.string(), z.array(z.string())).exactOptional(),
  /** In order; runs that were put together have several idle controls under one id, each in a folder of its own. */
  cases: z.array(z.strictObject({ id: z.string(), folder: z.string() })),
  /** Ids of all that the run was to do, where it was interrupted before it had done it. */
  planned: z.array(z.string()).exactOptional(),
});
export type EvidenceFile = z.infer<typeof evidenceFileSchema>;
