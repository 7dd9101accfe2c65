// Evidence as version 1 had it, frozen, with all that was written under that number; and the same as version 2.
//
// Nothing here changes any more: what is written today stands in ../evidence.ts. The forms of atomics, expectations,
// mitigations and inventories are still those of version 1: whoever changes one keeps its old form here.

import { z } from 'zod';
import { atomicSchema } from '../atomic.ts';
import { type EvidenceFile, evidenceVersion, type SavedCase } from '../evidence.ts';
import { expectationSchema } from '../expectation.ts';
import { inventorySchema } from '../inventory.ts';
import { mitigationSchema } from '../mitigation.ts';
import { runRecord1Schema, step1Schema } from './run-record-1.ts';

export const case1Schema = z
  .strictObject({
    evidenceVersion: z.literal(1),
    id: z.string(),
    kind: z.enum(['attack', 'benign', 'idle']),
    atomic: atomicSchema.nullable(),
    expectation: expectationSchema.nullable(),
    target: z.string(),
    mitigation: mitigationSchema.nullable(),
    user: z.string(),
    nonce: z.string().min(1),
    legitimateNonces: z.array(z.string()),
    skipped: z.string().nullable(),
    steps: z.array(step1Schema.extend({ argv: z.array(z.string()) })),
    inventory: z.strictObject({
      before: inventorySchema,
      scheduled: inventorySchema,
      after: inventorySchema,
      legitimate: inventorySchema,
    }),
    filesystem: z.array(z.string()),
    telemetry: z.strictObject({
      perSensor: z.record(z.string(), z.strictObject({ events: z.int(), lost: z.int() })),
    }),
    faults: z.array(z.strictObject({ code: z.string(), message: z.string() })),
    timings: z.record(z.string(), z.number()),
    eventCount: z.int().nonnegative().exactOptional(),
  })
  .superRefine(({ kind, atomic, mitigation, legitimateNonces }, { addIssue }) => {
    const report = (path: string, message: string) =>
      addIssue({ code: 'custom', path: [path], message, input: undefined });
    if (kind !== 'idle' && atomic === null) report('atomic', 'expected an atomic');
    const uses = mitigation?.legitimate.length ?? 0;
    if (legitimateNonces.length !== uses || legitimateNonces.includes('')) {
      report('legitimateNonces', `expected ${uses} of them, one for each legitimate use`);
    }
  });

/** There were no variants, one mitigation at most, and an idle control had everything that others have, empty. */
export function upgradeCase1(saved: z.infer<typeof case1Schema>): SavedCase {
  const { kind, atomic, expectation, mitigation, user, nonce, legitimateNonces, skipped, ...rest } = saved;
  const shared = { ...rest, evidenceVersion } as const;
  if (kind === 'idle' || atomic === null) return { ...shared, kind: 'idle' };
  return {
    ...shared,
    kind,
    atomic,
    variant: null,
    expectation,
    mitigations: mitigation === null ? [] : [mitigation],
    user,
    nonce,
    legitimateNonces,
    skipped,
  };
}

export const evidenceFile1Schema = z.strictObject({
  evidenceVersion: z.literal(1),
  run: runRecord1Schema.shape.run,
  rules: z.array(z.strictObject({ file: z.string(), text: z.string(), bundled: z.boolean() })),
  placeholders: z.record(z.string(), z.array(z.string())).exactOptional(),
  cases: z.array(z.string()),
  planned: z.array(z.string()).exactOptional(),
});

/** The folder of a case was called as the case. */
export const upgradeEvidenceFile1 = ({
  cases,
  ...file
}: z.infer<typeof evidenceFile1Schema>): EvidenceFile => ({
  ...file,
  evidenceVersion,
  cases: cases.map((id) => ({ id, folder: id })),
});
