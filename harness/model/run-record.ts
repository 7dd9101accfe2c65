// The RunRecord: everything a run found, in the form that reports, CI scripts and other tools read.

import { z } from 'zod';
import { observations } from './expectation.ts';

export const runRecordVersion = 1;

const iso = z.iso.datetime({ precision: null });

export const stepSchema = z.strictObject({
  role: z.enum(['mitigation', 'prereq', 'get-prereq', 'attack', 'legitimate', 'cleanup']),
  user: z.string(),
  command: z.string(),
  /** null when the time limit ended it. */
  exitCode: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  startedAt: iso,
  ms: z.number(),
});
export type Step = z.infer<typeof stepSchema>;

const proof = z.strictObject({
  eventId: z.string(),
  executable: z.string(),
  commandLine: z.string(),
  user: z.string(),
  /** From the payload's process up to the scheduler and its ancestors. */
  lineage: z.array(z.string()),
  scheduler: z.string(),
  /** How the job is known to be this atomic's. */
  by: z.enum(['nonce', 'file', 'command', 'unit']),
  /** From the start of the attack to the launch of the payload. */
  latencyMs: z.number(),
  /** The job's own; null while unknown. */
  exitCode: z.int().nullable(),
});
export type Proof = z.infer<typeof proof>;

const detection = z.strictObject({
  rule: z.string(),
  outcome: z.enum(['detected', 'missed', 'unexpected', 'evaded']),
  expected: z.boolean(),
  /** Fired on an event of this atomic. */
  attributed: z.boolean(),
  eventIds: z.array(z.string()),
  timeToDetectMs: z.number().nullable(),
  /** For a miss: the event that came closest, and what failed on it. */
  nearest: z.string().optional(),
});
export type Detection = z.infer<typeof detection>;

const caseRecord = z.strictObject({
  id: z.string(),
  kind: z.enum(['attack', 'benign']),
  atomic: z.strictObject({
    guid: z.string(),
    slug: z.string(),
    name: z.string(),
    technique: z.string(),
    source: z.string(),
  }),
  target: z.string(),
  mitigation: z.string().nullable(),
  user: z.string(),
  /** null when the case did not run (verdict skip). */
  observation: z.enum(observations).nullable(),
  proof: proof.nullable(),
  steps: z.array(stepSchema),
  artifacts: z.array(z.strictObject({ path: z.string(), action: z.string(), eventId: z.string() })),
  /** What cleanup left behind, one line each. */
  residue: z.array(z.string()),
  detections: z.array(detection),
  telemetry: z.strictObject({
    events: z.int(),
    lost: z.int(),
    perSensor: z.record(z.string(), z.strictObject({ events: z.int(), lost: z.int() })),
  }),
  verdict: z.enum(['pass', 'fail', 'error', 'skip']),
  reasons: z.array(z.string()),
  timings: z.record(z.string(), z.number()),
});
export type CaseRecord = z.infer<typeof caseRecord>;

const mitigationRecord = z.strictObject({
  id: z.string(),
  attack: z.string(),
  target: z.string(),
  atomic: z.string(),
  /** What the atomic did without the mitigation, and with it. */
  control: z.enum(observations).nullable(),
  treated: z.enum(observations).nullable(),
  legitimate: z.array(z.strictObject({ name: z.string(), works: z.boolean(), detail: z.string() })),
  verdict: z.enum(['blocks', 'bypassed', 'overblocks', 'invalid', 'errored']),
  stage: z.enum(['submission', 'execution']).nullable(),
  /** The message or event that shows it. */
  reason: z.string(),
});
export type MitigationRecord = z.infer<typeof mitigationRecord>;

const ruleRecord = z.strictObject({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  language: z.enum(['sigma', 'eql']),
  file: z.string(),
  technique: z.array(z.string()),
  /** Case ids in which it fired on the atomic's own events. */
  firedIn: z.array(z.string()),
  /** Where it fired on anything else: benign twins, background, the idle control. */
  falsePositives: z.array(z.strictObject({ case: z.string(), eventIds: z.array(z.string()) })),
  matches: z.array(
    z.strictObject({ case: z.string().optional(), eventIds: z.array(z.union([z.string(), z.int()])) }),
  ),
  error: z.string().nullable(),
  /** Set when no sensor of this run provides the rule's log source: it was not judged. */
  unavailable: z.string().optional(),
  /** Per sensor: whether it fires on that sensor's events alone; with several sensors only. */
  sensors: z.record(z.string(), z.boolean()).optional(),
  branches: z.strictObject({
    total: z.int(),
    proven: z.int(),
    unproven: z.array(z.strictObject({ branch: z.string(), kind: z.string(), place: z.string() })),
  }),
});
export type RuleRecord = z.infer<typeof ruleRecord>;

export const runRecordSchema = z.strictObject({
  schemaVersion: z.literal(runRecordVersion),
  run: z.strictObject({
    id: z.string(),
    startedAt: iso,
    finishedAt: iso,
    harness: z.string(),
    host: z.strictObject({ kernel: z.string(), docker: z.string(), cpus: z.int(), memory: z.int() }),
    sensors: z.array(z.string()),
    clock: z.enum(['fast', 'real']),
    shard: z.string().nullable(),
  }),
  cases: z.array(caseRecord),
  mitigations: z.array(mitigationRecord),
  rules: z.array(ruleRecord),
  summary: z.strictObject({
    cases: z.strictObject({ pass: z.int(), fail: z.int(), error: z.int(), skip: z.int() }),
    observations: z.record(z.string(), z.int()),
    detections: z.strictObject({
      detected: z.int(),
      missed: z.int(),
      unexpected: z.int(),
      evaded: z.int(),
    }),
    mitigations: z.record(z.string(), z.int()),
    rules: z.strictObject({ total: z.int(), fired: z.int(), falsePositives: z.int(), unusable: z.int() }),
  }),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
