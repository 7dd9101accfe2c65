// What the audit rules of mitigations wrote of a case: kept beside its events, since it is no sensor of the run, and no
// rule is judged by it.

import { z } from 'zod';
import type { EcsEvent } from './event.ts';
import { eventSchema } from './event-schema.ts';
import { lossSchema } from './loss.ts';

const event = z.custom<EcsEvent>((value) => eventSchema.safeParse(value).success, 'expected an event');

export const auditRecordingSchema = z.strictObject({
  /** What came of loading the rules of each mitigation, in order; of a control, none. */
  loaded: z.array(
    z.strictObject({
      mitigation: z.string(),
      rules: z.int().nonnegative(),
      /** Of each rule that could not be loaded: why. */
      problems: z.array(z.string()),
    }),
  ),
  /** Those with a key of the mitigations that the atomic is held against; of each key the first ones. */
  records: z.array(event),
  /** How many more there were, by key. */
  more: z.record(z.string(), z.int().positive()),
  lost: lossSchema,
});
export type AuditRecording = z.infer<typeof auditRecordingSchema>;
