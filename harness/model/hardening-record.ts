// What mitigations and attacks come to, as a RunRecord has it.

import { z } from 'zod';

export const cellKinds = [
  'submission',
  'execution',
  'executes',
  'recorded',
  'breaksUse',
  'notApplicable',
  'unknown',
] as const;
/** What becomes of an attack under a mitigation. */
export type CellKind = (typeof cellKinds)[number];

const cover = z.strictObject({
  mitigations: z
    .array(z.strictObject({ id: z.string(), adds: z.int() }))
    .describe(
      'In the order in which they were taken, with how many attacks each stops that those before did not',
    ),
  left: z.array(z.string()).describe('Attacks that none of them stops'),
});
export type Cover = z.infer<typeof cover>;

const count = z.strictObject({ tried: z.int(), stopped: z.int() });
const recordCount = z.strictObject({ tried: z.int(), recorded: z.int() });

export const hardeningSchema = z.strictObject({
  target: z.string(),
  mitigations: z.array(
    z.strictObject({
      id: z.string(),
      attack: z.string(),
      declared: count.describe('Attacks that it claims to stop'),
      all: count.describe('All attacks that it was held against and that execute without it'),
      recorded: recordCount
        .exactOptional()
        .describe('Attacks that it claims to put on record; missing: it claims none'),
      breaks: z.array(z.string()).describe('Legitimate use that no longer works under it'),
    }),
  ),
  attacks: z.array(
    z.strictObject({
      attack: z.string().describe('Slug of the atomic, with its variant where it has one'),
      cells: z
        .record(z.string(), z.enum(cellKinds))
        .describe('By mitigation; one that was not tried is missing'),
      stoppedBy: z.array(z.string()),
    }),
  ),
  cover: cover.describe(
    'Greedy: always the mitigation that stops most of what is left, at first sight; a shorter list may exist',
  ),
  harmlessCover: cover.describe('The same of mitigations under which all legitimate use works'),
});
export type Hardening = z.infer<typeof hardeningSchema>;
