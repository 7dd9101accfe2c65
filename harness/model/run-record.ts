// The RunRecord: everything a run found, in the form that reports, CI scripts and other tools read. Descriptions stand in
// the published JSON Schema, too.

import { z } from 'zod';
import { observations } from './expectation.ts';
import { hardeningSchema } from './hardening-record.ts';
import { perSensorSchema } from './loss.ts';
import { variantSchema } from './variant.ts';

export const runRecordVersion = 2;

const iso = z.iso.datetime({ precision: null });

export const stepSchema = z.strictObject({
  role: z
    .enum(['mitigation', 'check', 'prereq', 'get-prereq', 'attack', 'legitimate', 'bypass', 'cleanup'])
    .describe(
      'mitigation, check: it is applied, and that it took effect is looked after; bypass: a known way around it is tried',
    ),
  user: z.string(),
  command: z.string(),
  exitCode: z.int().nullable().describe('null when the time limit ended it'),
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
  lineage: z.array(z.string()).describe("From the payload's process up to the scheduler and its ancestors"),
  scheduler: z.string(),
  by: z
    .enum(['nonce', 'file', 'command', 'unit', 'log'])
    .describe(
      "How the job is known to be this atomic's; log: no sensor saw it, the scheduler's own line tells it",
    ),
  latencyMs: z.number().describe('From the start of the attack to the launch of the payload'),
  exitCode: z.int().nullable().describe("The job's own; null while unknown"),
});
export type Proof = z.infer<typeof proof>;

const detection = z.strictObject({
  rule: z.string(),
  outcome: z
    .enum(['detected', 'missed', 'unexpected', 'evaded'])
    .describe(
      'evaded: a documented miss; unexpected: a bundled rule fired that no expectation names, or any rule on a benign twin',
    ),
  expected: z.boolean(),
  attributed: z.boolean().describe('Fired on an event of this atomic'),
  eventIds: z.array(z.string()),
  timeToDetectMs: z.number().nullable(),
  nearest: z.string().optional().describe('For a miss: the event that came closest, and what failed on it'),
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
    source: z
      .string()
      .describe(
        'Its file, relative to the working directory of the run where it lies below it, absolute elsewhere',
      ),
    bundled: z
      .boolean()
      .optional()
      .describe(
        "Whether that is a file of atomclock's own, below the folder of its package; missing: not known",
      ),
  }),
  variant: variantSchema
    .nullable()
    .describe("Other values for some of the atomic's input arguments: axis → name of its value"),
  given: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe('Values that the run gave to input arguments (`--arg`), by name; missing: none'),
  target: z.string(),
  mitigation: z.string().nullable().describe('Ids in the order in which they were applied, joined by +'),
  user: z.string(),
  observation: z.enum(observations).nullable().describe('null when the case did not run (verdict skip)'),
  proof: proof.nullable(),
  steps: z.array(stepSchema),
  artifacts: z.array(z.strictObject({ path: z.string(), action: z.string(), eventId: z.string() })),
  residue: z.array(z.string()).describe('What cleanup left behind, one line each'),
  detections: z.array(detection),
  seenBy: z.array(z.string()).describe('Slugs of the rules that fired on its own events, expected or not'),
  telemetry: z.strictObject({
    events: z.int(),
    lost: z.int(),
    perSensor: perSensorSchema,
  }),
  verdict: z.enum(['pass', 'fail', 'error', 'skip']),
  reasons: z.array(z.string()),
  timings: z.record(z.string(), z.number()),
});
export type CaseRecord = z.infer<typeof caseRecord>;

const mitigationMember = z.strictObject({
  id: z.string(),
  attack: z.string(),
  claims: z.boolean().describe('Whether it says that it stops this atomic'),
  seen: z
    .string()
    .nullable()
    .describe(
      'The line that shows that it was this one that stopped the atomic; null: it did not, or another was first',
    ),
  records: z
    .strictObject({ key: z.string(), seen: z.string().nullable() })
    .exactOptional()
    .describe(
      'Of one that says that it puts this atomic on record: the key of its audit rules, and the record of the attack that has it; null: none has',
    ),
});

const mitigationRecord = z.strictObject({
  id: z.string().describe('Ids joined by + where several were applied together'),
  case: z.string().describe('Id of the case under it'),
  attack: z.string().describe('ATT&CK ids, joined by + where they differ'),
  target: z.string(),
  atomic: z.string(),
  control: z.enum(observations).nullable().describe('What the atomic did without the mitigation'),
  treated: z.enum(observations).nullable().describe('What it did with the mitigation'),
  legitimate: z.array(
    z.strictObject({
      name: z.string(),
      works: z.boolean(),
      detail: z.string(),
      unknown: z
        .literal(true)
        .exactOptional()
        .describe('Nobody can tell whether it works: it was not tried, or no sensor shows it'),
      documented: z
        .string()
        .exactOptional()
        .describe('Why the mitigation is known to break it; missing: it is not known to'),
    }),
  ),
  verdict: z
    .enum(['blocks', 'bypassed', 'records', 'unrecorded', 'overblocks', 'invalid', 'errored', 'notClaimed'])
    .describe(
      'records: it stops nothing, and the log of the machine has the attack as it says, which it has not without it; unrecorded: the log has not; notClaimed: the mitigation never said that it stops this atomic or puts it on record (the observation tells what happened); invalid: it did not take effect, or what its file says is not so',
    ),
  stage: z.enum(['submission', 'execution']).nullable(),
  reason: z.string().describe('The message or event that shows it'),
  members: z
    .array(mitigationMember)
    .exactOptional()
    .describe('Of several that were applied together: each, in order; missing where it is one'),
  claims: z
    .enum(['stops', 'records', 'bypass'])
    .exactOptional()
    .describe(
      'What the mitigation says of this atomic: that it stops it, that it puts it on record, or that it gets by; missing: nothing, or not known',
    ),
  records: z
    .array(z.strictObject({ key: z.string(), count: z.int(), first: z.string() }))
    .exactOptional()
    .describe(
      'By key of its audit rules: how many records of the attack there are, and the first in words; missing: none, or it has no such rules',
    ),
  legitimateIn: z
    .string()
    .exactOptional()
    .describe(
      'Case in which legitimate use was tried, once for all atomics under this mitigation on this target; missing: in this one',
    ),
  bypasses: z
    .array(
      z.strictObject({
        how: z.string(),
        executed: z.boolean(),
        detail: z.string(),
        recorded: z
          .string()
          .exactOptional()
          .describe('Its first record by audit rules of the mitigation: it is on record all the same'),
      }),
    )
    .exactOptional()
    .describe('Known ways around it that are no atomic, tried together with legitimate use'),
  checks: z
    .array(
      z.strictObject({
        id: z.string(),
        holds: z.boolean(),
        detail: z.string(),
        undoneBy: z
          .array(z.string())
          .exactOptional()
          .describe(
            'It held, and no longer did when these were applied after it: at least one of them undoes it',
          ),
        undoneLater: z
          .string()
          .exactOptional()
          .describe('It held before the attack, and no longer when that was over: what was found then'),
      }),
    )
    .exactOptional()
    .describe('Of each mitigation that has a check: whether it took effect, and what was found'),
});
export type MitigationRecord = z.infer<typeof mitigationRecord>;

/** Where a rule fired on events that are not an attack's own. */
const elsewhere = z.array(z.strictObject({ case: z.string(), eventIds: z.array(z.string()) }));

const silence = z.strictObject({
  technique: z.string(),
  attacks: z.array(z.string()).describe('Ids of the executed attacks of it'),
  nearest: z
    .strictObject({
      case: z.string(),
      text: z.string(),
      distance: z
        .number()
        .nullable()
        .describe('About one per test that failed; null where there was no event'),
    })
    .describe('The event that came closest, and what failed on it'),
});
export type Silence = z.infer<typeof silence>;

const ruleRecord = z.strictObject({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  language: z.enum(['sigma', 'eql']),
  file: z.string(),
  bundled: z.boolean().optional().describe("Whether it is atomclock's own; missing: not known"),
  technique: z.array(z.string()),
  analytics: z.array(z.string()).describe('Ids of the ATT&CK analytics that it implements'),
  firedIn: z
    .array(z.string())
    .describe("Ids of attacks in which it fired on the attack's own events: what counts as fired"),
  falsePositives: elsewhere.describe('Benign twins on whose own events it fired'),
  crossTalk: elsewhere.describe(
    "Where it fired on events that nobody's procedure caused, or only together with such: the background of any case, and all of the idle control. What the harness itself does (prerequisites, mitigations, legitimate use, cleanup) is none",
  ),
  silent: z
    .array(silence)
    .optional()
    .describe(
      'Techniques that a rule of the user names, and on no attack of which it fired, though some executed; missing: none',
    ),
  matches: z
    .array(
      z.strictObject({
        case: z.string().optional(),
        eventIds: z.array(z.union([z.string(), z.int()])),
        open: z
          .literal(true)
          .optional()
          .describe(
            'The events ended before the timespan of this correlation was over: judged on what there was',
          ),
      }),
    )
    .describe('Every match; in a replay of a bare file without case, and with line numbers for ids'),
  error: z.string().nullable().describe('Why the rule cannot be used'),
  unavailable: z
    .string()
    .optional()
    .describe("Set when no sensor of this run provides the rule's log source: it was not judged"),
  sensors: z
    .record(z.string(), z.boolean())
    .optional()
    .describe("Per sensor, where there are several: whether it fires on that sensor's events alone"),
  branches: z
    .strictObject({
      total: z.int(),
      proven: z.int(),
      unproven: z.array(
        z.strictObject({
          branch: z.string(),
          kind: z.string(),
          place: z.string(),
          why: z.string().exactOptional().describe('Why it is there although no run proves it'),
        }),
      ),
    })
    .describe(
      'Ways through the rule, and how many of them some case has taken; some event, where a bare file was judged',
    ),
});
export type RuleRecord = z.infer<typeof ruleRecord>;

const survival = { executed: z.int(), survived: z.int() };

const counts = {
  executed: z.int(),
  seen: z.int().describe('Of the executed ones: those that at least one rule saw'),
  inert: z.int(),
  refused: z.int(),
  errored: z.int(),
};

const robustnessRecord = z.strictObject({
  rule: z.string(),
  bases: z.array(z.string()).describe('Ids of the cases of atomics as they are that the rule sees'),
  ...survival,
  axes: z.record(z.string(), z.strictObject(survival)),
  cheapest: z
    .strictObject({ case: z.string(), axis: z.string(), value: z.string(), why: z.string() })
    .nullable()
    .describe('The variant that evades the rule with the least change; null: none does'),
  level: z
    .strictObject({ claimed: z.string().nullable(), measured: z.string().nullable() })
    .describe("Level of MITRE CTID's Summiting the Pyramid, by its fields and by what evaded it"),
  evades: z
    .array(z.strictObject({ axis: z.string(), values: z.array(z.string()), why: z.string() }))
    .exactOptional()
    .describe('Documented misses along axes; missing: none'),
  undocumented: z
    .array(z.string())
    .exactOptional()
    .describe('Of a bundled rule: cases of variants that evade it though nothing says so; missing: none'),
  outdated: z
    .array(z.strictObject({ axis: z.string(), value: z.string() }))
    .exactOptional()
    .describe(
      'Documented misses of which every executed variant is seen: the documentation is wrong; missing: none',
    ),
});

const gateRecord = z.strictObject({
  gate: z.enum(['attacks-seen', 'rules-fire', 'branches', 'survival']),
  percent: z.number().describe('What was asked for'),
  actual: z.number().nullable().describe('null: there was nothing to count, so that it is not met'),
  of: z.int(),
  got: z.int(),
  met: z.boolean(),
  offenders: z
    .array(
      z.strictObject({
        about: z.enum(['case', 'rule']),
        id: z.string(),
        why: z.string(),
        place: z.string().nullable().describe('File, or file:line:column; null: that of the case'),
      }),
    )
    .describe('What kept it from being met; empty where it is'),
});
export type GateRecord = z.infer<typeof gateRecord>;

export type RobustnessRecord = z.infer<typeof robustnessRecord>;

export const runRecordSchema = z.strictObject({
  schemaVersion: z.literal(runRecordVersion),
  run: z.strictObject({
    id: z.string(),
    startedAt: iso,
    finishedAt: iso,
    pausedMs: z
      .number()
      .exactOptional()
      .describe(
        'How long nothing went on in between: a watched run waited for edits, or an interrupted one to be taken up; missing: it went on all the time',
      ),
    harness: z.string(),
    host: z.strictObject({ kernel: z.string(), docker: z.string(), cpus: z.int(), memory: z.int() }),
    sensors: z.array(z.string()),
    clock: z.enum(['fast', 'real']),
    shard: z
      .string()
      .regex(/^[1-9]\d{0,3}\/[1-9]\d{0,3}$/, 'expected i/n such as 2/3')
      .nullable(),
    file: z
      .string()
      .exactOptional()
      .describe('The bare file of events that was judged, as it was named; missing: a run, which has cases'),
    dealtFrom: z
      .array(z.string())
      .exactOptional()
      .describe(
        'Of a shard that was dealt by durations: the atomics of the whole run on their targets, in its order',
      ),
    missing: z
      .array(z.string())
      .exactOptional()
      .describe(
        'Ids of cases that were planned and are not here: the run was interrupted, or their evidence is damaged',
      ),
  }),
  cases: z.array(caseRecord),
  mitigations: z.array(mitigationRecord),
  hardening: z
    .array(hardeningSchema)
    .exactOptional()
    .describe('What the mitigations come to, for each target; missing without any, and in older records'),
  rules: z.array(ruleRecord),
  robustness: z
    .array(robustnessRecord)
    .describe('Per rule, of the variants that executed; empty without any'),
  gates: z
    .array(gateRecord)
    .exactOptional()
    .describe('What was required of the run beyond its expectations; missing: nothing'),
  summary: z.strictObject({
    cases: z.strictObject({ pass: z.int(), fail: z.int(), error: z.int(), skip: z.int() }),
    observations: z.record(z.string(), z.int()),
    detections: z.strictObject({
      detected: z.int(),
      missed: z.int(),
      unexpected: z.int(),
      evaded: z.int(),
    }),
    attacks: z
      .strictObject({ executed: z.int(), seen: z.int(), unseen: z.array(z.string()) })
      .describe('Executed attacks without mitigations; unseen: ids of those of which no rule saw anything'),
    variants: z
      .strictObject({
        ...counts,
        axes: z.record(z.string(), z.strictObject(counts)),
        cover: z
          .array(z.strictObject({ rule: z.string(), adds: z.int() }))
          .describe(
            'Rules that together see all variants that any rule sees, the one that sees most first; adds: how many more each sees',
          ),
      })
      .exactOptional()
      .describe('Variants of attacks without mitigations, as a whole and by axis; missing: none ran'),
    mitigations: z.record(z.string(), z.int()),
    rules: z.strictObject({
      total: z.int(),
      fired: z.int().describe('With firedIn; in a replay of a bare file, with matches'),
      falsePositives: z.int(),
      crossTalk: z.int(),
      silent: z.int().describe('Rules of the user that are silent on a technique they name'),
      unusable: z.int(),
    }),
  }),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
