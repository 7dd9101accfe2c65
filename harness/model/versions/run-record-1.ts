// The RunRecord as version 1 had it, frozen, with all that was written under that number; and the same record as version 2.
//
// Nothing here changes any more: what is written today stands in ../run-record.ts.

import { z } from 'zod';
import { formatCaseKey } from '../case-key.ts';
import { seenByOf } from '../fired.ts';
import type { CaseRecord, MitigationRecord, RuleRecord, RunRecord } from '../run-record.ts';
import { recordOf } from '../run-summary.ts';

const observations = ['executed', 'inert', 'performed', 'refused', 'errored'] as const;

const iso = z.iso.datetime({ precision: null });

export const step1Schema = z.strictObject({
  role: z.enum(['mitigation', 'prereq', 'get-prereq', 'attack', 'legitimate', 'cleanup']),
  user: z.string(),
  command: z.string(),
  exitCode: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  startedAt: iso,
  ms: z.number(),
});

const proof = z.strictObject({
  eventId: z.string(),
  executable: z.string(),
  commandLine: z.string(),
  user: z.string(),
  lineage: z.array(z.string()),
  scheduler: z.string(),
  by: z.enum(['nonce', 'file', 'command', 'unit', 'log']),
  latencyMs: z.number(),
  exitCode: z.int().nullable(),
});

const detection = z.strictObject({
  rule: z.string(),
  outcome: z.enum(['detected', 'missed', 'unexpected', 'evaded']),
  expected: z.boolean(),
  attributed: z.boolean(),
  eventIds: z.array(z.string()),
  timeToDetectMs: z.number().nullable(),
  nearest: z.string().optional(),
});

const caseRecord = z.strictObject({
  id: z.string(),
  kind: z.enum(['attack', 'benign']),
  atomic: z.strictObject({
    guid: z.string(),
    slug: z.string(),
    name: z.string(),
    technique: z.string(),
    source: z.string(),
    bundled: z.boolean().optional(),
  }),
  target: z.string(),
  mitigation: z.string().nullable(),
  user: z.string(),
  observation: z.enum(observations).nullable(),
  proof: proof.nullable(),
  steps: z.array(step1Schema),
  artifacts: z.array(z.strictObject({ path: z.string(), action: z.string(), eventId: z.string() })),
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

const mitigationRecord = z.strictObject({
  id: z.string(),
  attack: z.string(),
  target: z.string(),
  atomic: z.string(),
  control: z.enum(observations).nullable(),
  treated: z.enum(observations).nullable(),
  legitimate: z.array(z.strictObject({ name: z.string(), works: z.boolean(), detail: z.string() })),
  verdict: z.enum(['blocks', 'bypassed', 'overblocks', 'invalid', 'errored']),
  stage: z.enum(['submission', 'execution']).nullable(),
  reason: z.string(),
});

/** Where a rule fired on events that are not an attack's own. */
const elsewhere = z.array(z.strictObject({ case: z.string(), eventIds: z.array(z.string()) }));

const silence = z.strictObject({
  technique: z.string(),
  attacks: z.array(z.string()),
  nearest: z.strictObject({
    case: z.string(),
    text: z.string(),
    distance: z.number().nullable(),
  }),
});

const ruleRecord = z.strictObject({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  language: z.enum(['sigma', 'eql']),
  file: z.string(),
  bundled: z.boolean().optional(),
  technique: z.array(z.string()),
  firedIn: z.array(z.string()),
  falsePositives: elsewhere,
  crossTalk: elsewhere.optional(),
  silent: z.array(silence).optional(),
  matches: z.array(
    z.strictObject({
      case: z.string().optional(),
      eventIds: z.array(z.union([z.string(), z.int()])),
      open: z.literal(true).optional(),
    }),
  ),
  error: z.string().nullable(),
  unavailable: z.string().optional(),
  sensors: z.record(z.string(), z.boolean()).optional(),
  branches: z.strictObject({
    total: z.int(),
    proven: z.int(),
    unproven: z.array(z.strictObject({ branch: z.string(), kind: z.string(), place: z.string() })),
  }),
});

export const runRecord1Schema = z.strictObject({
  schemaVersion: z.literal(1),
  run: z.strictObject({
    id: z.string(),
    startedAt: iso,
    finishedAt: iso,
    harness: z.string(),
    host: z.strictObject({ kernel: z.string(), docker: z.string(), cpus: z.int(), memory: z.int() }),
    sensors: z.array(z.string()),
    clock: z.enum(['fast', 'real']),
    shard: z
      .string()
      .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, 'expected i/n such as 2/3')
      .nullable(),
    missing: z.array(z.string()).exactOptional(),
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
    rules: z.strictObject({
      total: z.int(),
      fired: z.int(),
      falsePositives: z.int(),
      crossTalk: z.int().optional(),
      silent: z.int().optional(),
      unusable: z.int(),
    }),
  }),
});
type RunRecord1 = z.infer<typeof runRecord1Schema>;

/** The record as it would be written today, with the verdicts that it has. */
export function upgradeRunRecord1({ run, cases, mitigations, rules }: RunRecord1): RunRecord {
  const upgraded = cases.map(upgradeCase);
  return recordOf({
    run,
    cases: upgraded,
    mitigations: mitigations.map((each) => upgradeMitigation(each, upgraded)),
    rules: rules.map((rule) => upgradeRule(rule, cases)),
  });
}

/** There were no variants, and one mitigation at most. */
const upgradeCase = ({ target, ...each }: RunRecord1['cases'][number]): CaseRecord => ({
  ...each,
  variant: null,
  target,
  seenBy: seenByOf(each),
});

/** What an atomic got through that the mitigation never claimed to stop was called bypassed, and its case passed. */
function upgradeMitigation(
  each: RunRecord1['mitigations'][number],
  cases: readonly CaseRecord[],
): MitigationRecord {
  const { atomic, target, id } = each;
  const where = formatCaseKey({ atomic, variant: {}, target, mitigations: [id] });
  const treated = cases.find((one) => one.id === where);
  const isUnclaimed = each.verdict === 'bypassed' && treated?.verdict === 'pass';
  return { ...each, case: where, verdict: isUnclaimed ? 'notClaimed' : each.verdict };
}

type Rule1 = RunRecord1['rules'][number];

/**
 * Records without `crossTalk` have everything under falsePositives that is no attack's own. What stands there of a benign
 * twin on which the rule was credited is a false positive; the rest is cross-talk.
 */
function upgradeRule({ technique, ...rule }: Rule1, cases: RunRecord1['cases']): RuleRecord {
  const { falsePositives, crossTalk } = rule;
  if (crossTalk !== undefined) return { ...rule, technique, analytics: [], crossTalk };
  const twins = new Set(
    cases
      .filter(
        ({ kind, detections }) =>
          kind === 'benign' && detections.some((each) => each.attributed && each.rule === rule.slug),
      )
      .map(({ id }) => id),
  );
  return {
    ...rule,
    technique,
    analytics: [],
    falsePositives: falsePositives.filter((each) => twins.has(each.case)),
    crossTalk: falsePositives.filter((each) => !twins.has(each.case)),
  };
}
