// A hardening that can be applied to a target, what it claims to stop or to put on record, and what must still work under
// it.

import { z } from 'zod';
import type { AuditRule } from './audit-rule.ts';
import { readAuditRule } from './audit-rule-file.ts';

const script = z.strictObject({
  command: z.string().min(1),
  user: z.string().default('root'),
});

const hyphenated = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');

/** What shows that it took effect; nothing is concluded from a mitigation whose check does not hold. */
const check = script.extend({
  /** Text that the command must print; it may print more. */
  output: z.string().min(1).exactOptional(),
  exitCode: z.int().min(0).max(255).default(0),
});

/** What an atomic is meant by: its slug or GUID, or a tag that it shares with others. */
const meant = {
  atomic: z.string().exactOptional(),
  tag: z.string().exactOptional(),
};
const meansOne = ({ atomic, tag }: { atomic?: string; tag?: string }) =>
  (atomic === undefined) !== (tag === undefined);

const stop = z
  .strictObject({
    ...meant,
    stage: z.enum(['submission', 'execution']),
    /** Text in the attack's output (submission), or in the journal or the reasons that the harness found (execution). */
    reason: z.string().min(1),
  })
  .refine(meansOne, 'expected either an atomic or a tag');

/** What blocks nothing may show: the attack runs, and the machine's log has it. */
const recorded = z
  .strictObject({
    ...meant,
    /** Of the audit rules: what a record of the attack must have for its key. */
    key: z.string().min(1),
  })
  .refine(meansOne, 'expected either an atomic or a tag');

/** As auditctl takes it. */
const auditRule = z.string().superRefine((line, { addIssue }) => {
  const rule = readAuditRule(line, nowhere);
  const message = typeof rule === 'string' ? rule : whyUnusable(rule);
  if (message !== null) addIssue({ code: 'custom', message, input: line });
});

/** The reader of the file knows the place of each line. */
const nowhere = { file: '', line: 1, column: 1 };

/** A record is known by its key; `=` is the harness's own. */
const whyUnusable = ({ keys: [key] }: AuditRule): string | null =>
  key !== undefined && /^[\w.-]+$/.test(key)
    ? null
    : 'expected a key of letters, digits, `.`, `_` and `-` (-k KEY): its records are known by it';

const legitimate = script.extend({
  name: z.string().min(1),
  proof: z.enum(['executed', 'succeeds']).default('executed'),
  /** Why it no longer works: the price of this mitigation, which is documented and must be seen. */
  broken: z.string().min(1).exactOptional(),
});

const bypass = z
  .strictObject({
    how: z.string().min(1),
    ...meant,
    /** Instead of an atomic: a way of its own, with `#{command}` for the marker that must be seen to run. */
    command: z.string().min(1).exactOptional(),
    user: z.string().exactOptional(),
  })
  .refine(
    ({ atomic, tag, command }) => [atomic, tag, command].filter((one) => one !== undefined).length <= 1,
    'expected one of atomic, tag and command',
  );

/** What the target is started with, where this cannot be had by a command in it. */
const profile = z.strictObject({
  /** Capabilities beyond those of the target. */
  capabilities: z.array(z.string().regex(/^[A-Z_]+$/, 'expected a name such as SYS_ADMIN')).default([]),
  /** Capabilities that are taken away, also of those that the engine grants by itself. */
  withoutCapabilities: z.array(z.string().regex(/^[A-Z_]+$/, 'expected a name such as SETUID')).default([]),
  noNewPrivileges: z.boolean().default(false),
  readOnlyRoot: z.boolean().default(false),
  /** Mount point → options, in place of the target's own for that mount point. */
  tmpfs: z.record(z.string().startsWith('/'), z.string()).default({}),
  /** Who runs the attack instead of the user whom its expectation names: what an attacker gets who takes over a service. */
  user: z.string().exactOptional(),
});
export type MitigationProfile = z.infer<typeof profile>;

const effect = {
  /** Run as root in the booted target, before the attack; none where the profile is all. */
  apply: script.exactOptional(),
  check: check.exactOptional(),
  profile: profile.exactOptional(),
  /** Rules that the kernel's audit system has for this target alone, after `apply` and before `check`. */
  audit: z.array(auditRule).min(1).exactOptional(),
  /** Which atomics it stops, where, and what shows that it was this mitigation; of several for one the first counts. */
  stops: z.array(stop),
  /** Which atomics its audit rules put on record. */
  records: z.array(recorded).min(1).exactOptional(),
  /** What must still work; `#{command}` is the harness's marker, which must be seen to run. */
  legitimate: z.array(legitimate).min(1),
  /** Ways around it that are known. What names an atomic counts before all that `stops` says of it by a tag. */
  bypasses: z.array(bypass).default([]),
};

/** As it holds on one target. */
export const mitigationSchema = z.strictObject({
  id: hyphenated,
  name: z.string().min(1),
  description: z.string().min(1),
  /** ATT&CK mitigation id. */
  attack: z.string().regex(/^M\d{4}$/, 'expected an ATT&CK mitigation id such as M1018'),
  tags: z.array(hyphenated).default([]),
  targets: z.array(z.string()).exactOptional(),
  ...effect,
});
export type Mitigation = z.infer<typeof mitigationSchema>;

/** containers/mitigations/<id>.yaml: for every target, and what is otherwise on those of a family. */
export const writtenMitigationSchema = mitigationSchema
  .extend({
    /** What is named replaces what the mitigation says for all; of several families the later wins. */
    families: z
      .record(
        hyphenated,
        z.strictObject({
          /** Why it cannot be applied there. */
          notApplicable: z.string().min(1).exactOptional(),
          apply: effect.apply,
          check: effect.check,
          profile: effect.profile,
          audit: effect.audit,
          stops: effect.stops.exactOptional(),
          records: effect.records,
          legitimate: effect.legitimate.exactOptional(),
          bypasses: z.array(bypass).exactOptional(),
        }),
      )
      .exactOptional(),
  })
  .refine(
    ({ apply, profile: needed, audit }) => [apply, needed, audit].some((means) => means !== undefined),
    'expected apply, profile or audit: what it does',
  )
  .refine(
    ({ stops, records = [], bypasses }) => stops.length + records.length + bypasses.length > 0,
    'expected stops or records, or bypasses of one that stops nothing',
  );
export type WrittenMitigation = z.infer<typeof writtenMitigationSchema>;

/** The keys of its audit rules: what their records are known by. */
export const auditKeysOf = ({ audit = [] }: Pick<Mitigation, 'audit'>): string[] => [
  ...new Set(
    audit.flatMap((line) => {
      const rule = readAuditRule(line, nowhere);
      return typeof rule === 'string' ? [] : rule.keys;
    }),
  ),
];

/** What a mitigation is on a target of these families; null where it cannot be applied on one of them. */
export function mitigationFor(written: WrittenMitigation, families: readonly string[]): Mitigation | null {
  if (whyNotApplicable(written, families) !== null) return null;
  const { families: differences = {}, ...mitigation } = written;
  const own = Object.entries(differences).filter(([family]) => families.includes(family));
  return Object.assign({}, mitigation, ...own.map(([, difference]) => difference));
}

/** Why a mitigation cannot be applied on a target of these families; null where it can. */
export function whyNotApplicable(
  { families: differences = {} }: Pick<WrittenMitigation, 'families'>,
  families: readonly string[],
): string | null {
  const own = Object.entries(differences).filter(([family]) => families.includes(family));
  return own.find(([, { notApplicable }]) => notApplicable !== undefined)?.[1].notApplicable ?? null;
}

type Starting = Pick<Mitigation, 'id' | 'profile'>;

/** Why a target cannot be started as all of these ask for it; null where it can. */
export function conflictIn(mitigations: readonly Starting[]): string | null {
  const profiles = mitigations.flatMap(({ id, profile: asked }) => (asked ? [{ ...asked, id }] : []));
  for (const one of profiles) {
    for (const other of profiles) {
      const withheld = one.capabilities.find((name) => other.withoutCapabilities.includes(name));
      if (withheld !== undefined)
        return `${one.id} needs the capability ${withheld}, and ${other.id} takes it away`;
      if (one.user !== undefined && other.user !== undefined && one.user !== other.user)
        return `${one.id} has ${one.user} attack, and ${other.id} ${other.user}`;
      const mount = Object.keys(one.tmpfs).find(
        (point) => other.tmpfs[point] !== undefined && other.tmpfs[point] !== one.tmpfs[point],
      );
      if (mount !== undefined)
        return `${one.id} mounts ${mount} with '${one.tmpfs[mount]}', and ${other.id} with '${other.tmpfs[mount]}'`;
    }
  }
  return null;
}
