// Which cases a run consists of: atomic × variant × target × (mitigations or none), and one idle control per target.

import type { GivenArguments } from '../../model/argument.ts';
import type { Atomic } from '../../model/atomic.ts';
import { type CaseKey, formatCaseKey, groupNameOf, idleIdOf } from '../../model/case-key.ts';
import { type Expectation, expectationFor, type WrittenExpectation } from '../../model/expectation.ts';
import {
  auditKeysOf,
  type Mitigation,
  mitigationFor,
  type WrittenMitigation,
  whyNotApplicable,
} from '../../model/mitigation.ts';
import { claimOn } from '../../model/mitigation-claim.ts';
import { refersTo } from '../../model/reference.ts';
import { type Variant, type VariantName, withVariant } from '../../model/variant.ts';
import { dealtByLoad, dealtInTurn, type Shard } from './deal.ts';

/** Does nothing: what fires there fires on nothing. */
export interface PlannedIdle {
  readonly kind: 'idle';
  readonly id: string;
  readonly target: string;
}

/** An attack or a benign twin. */
export interface PlannedProcedure {
  readonly kind: 'attack' | 'benign';
  /** The text form of its key. */
  readonly id: string;
  readonly key: CaseKey;
  /** As it runs: with the values of its variant for defaults. */
  readonly atomic: Atomic;
  readonly variant: VariantName | null;
  /** Values that the run gave to arguments of its, by name; `atomic` has them. */
  readonly given?: GivenArguments;
  readonly expectation: Expectation | null;
  readonly target: string;
  /** In the order in which they are applied; none for a control. */
  readonly mitigations: readonly Mitigation[];
  /**
   * The case in which legitimate use under these mitigations is tried, once for all atomics on the target; missing: here,
   * or there is none to try.
   */
  readonly legitimateIn?: string;
  /**
   * Keys of the records that mitigations with audit rules make: of a case under some, and of its control, which must have
   * no record of them; missing: nobody listens.
   */
  readonly auditKeys?: readonly string[];
  readonly user: string;
  readonly needsUserManager: boolean;
  /** Why it will not run; null when it will. */
  readonly skipped: string | null;
}

export type PlannedCase = PlannedIdle | PlannedProcedure;

export interface PlanRequest {
  atomics: readonly Atomic[];
  expectations: ReadonlyMap<string, WrittenExpectation>;
  targets: readonly string[];
  /** By target; none where it has none. */
  families: ReadonlyMap<string, readonly string[]>;
  /** Who runs every attack, whomever its expectation or its author names. */
  user?: string;
  /** Values that the run gives to arguments, by the GUID of the atomic, which has them already. */
  given?: ReadonlyMap<string, GivenArguments>;
  /** By target: the account that acts in root's place; none where root may act. */
  actors?: ReadonlyMap<string, string>;
  /** Variants of an atomic, beside the atomic as it is; none unless given. */
  variantsOf?: (atomic: Atomic) => readonly Variant[];
  /** Each a composition that is applied together, in its order; mostly of one. */
  mitigations: readonly (readonly WrittenMitigation[])[];
  /**
   * `declared`: each composition against the atomics that one of its members says it stops, or that they get by; `all`:
   * the full matrix of all that is launched without them.
   */
  mitigationMode: 'declared' | 'all' | 'none';
  shard: Shard | null;
  /** What cases took, in milliseconds by their id: shards are dealt so that all take as long. */
  durations?: ReadonlyMap<string, number> | null;
}

export interface Plan {
  readonly cases: PlannedCase[];
  /** Of a shard that was dealt by durations: the groups of the whole run, in its order; else null. */
  readonly dealtFrom: readonly string[] | null;
  /** Compositions that no attack of the whole run is held against on a target. */
  readonly unheld: readonly Unheld[];
}

interface Unheld {
  /** The text form of its ids. */
  readonly composition: string;
  readonly target: string;
  readonly why: string;
}

/** The unprivileged account that every target has. */
export const unprivilegedUser = 'alice';

export const planCases = (request: PlanRequest): PlannedCase[] => planRun(request).cases;

/** The cases of a run or of one of its shards. */
export function planRun(request: PlanRequest): Plan {
  const { targets, atomics, shard, durations = null } = request;
  const cases = targets.flatMap((target) =>
    atomics.flatMap((atomic) => casesWithVariants(atomic, target, request)),
  );
  const groups = groupsOf(cases);
  const mine = shard === null ? [...groups.values()] : dealt(groups, shard, durations);
  return {
    cases: [...idleControls(targets), ...withSharedUse(mine.flat())],
    dealtFrom: shard !== null && durations !== null ? [...groups.keys()] : null,
    unheld: unheldOf(cases, request),
  };
}

function unheldOf(
  cases: readonly PlannedProcedure[],
  { mitigations, targets, families, mitigationMode }: PlanRequest,
): Unheld[] {
  const held = new Set(cases.map(compositionOf));
  const unsaid =
    mitigationMode === 'declared' ? 'it says nothing of these attacks' : 'none of these attacks is launched';
  return mitigations.flatMap((members) =>
    targets.flatMap((target) => {
      const ids = members.map(({ id }) => id);
      if (held.has([target, ...ids].join('+'))) return [];
      const why = members.map((each) => whyNotOn(each, target, families.get(target) ?? []));
      return { composition: ids.join('+'), target, why: why.find((one) => one !== null) ?? unsaid };
    }),
  );
}

function whyNotOn(written: WrittenMitigation, target: string, families: readonly string[]): string | null {
  const { id, targets } = written;
  if (targets && !targets.includes(target)) return `${id} is for ${targets.join(', ')}`;
  const why = whyNotApplicable(written, families);
  return why === null ? null : `${id} cannot be applied there: ${why}`;
}

const idleControls = (targets: readonly string[]): PlannedIdle[] =>
  targets.map((target) => ({ kind: 'idle', id: idleIdOf(target), target }));

/** The cases of the atomic as it is and, where that runs and is to be executed, those of its variants. */
function casesWithVariants(atomic: Atomic, target: string, request: PlanRequest): PlannedProcedure[] {
  const own = casesOf(atomic, null, target, request);
  const [control] = own;
  // Where the atomic itself does not execute, there is nothing that a variant could do as well.
  if (control?.skipped || (control?.expectation?.observation ?? 'executed') !== 'executed') return own;
  const variants = request.variantsOf?.(atomic) ?? [];
  return [...own, ...variants.flatMap((variant) => casesOf(atomic, variant, target, request))];
}

/** The control case of an atomic or of a variant and, after it, one for each composition that is held against it. */
function casesOf(
  base: Atomic,
  variant: Variant | null,
  target: string,
  request: PlanRequest,
): PlannedProcedure[] {
  const atomic = variant === null ? base : withVariant(base, variant);
  const written = request.expectations.get(atomic.guid);
  const expectation = written ? expectationFor(written, request.families.get(target) ?? []) : null;
  const given = request.given?.get(base.guid);
  const key: CaseKey = { atomic: atomic.slug, variant: variant?.axes ?? {}, target, mitigations: [] };
  const control: PlannedProcedure = {
    id: formatCaseKey(key),
    key,
    kind: atomic.kind,
    atomic,
    variant: nameOf(variant),
    ...(given && Object.keys(given).length > 0 && { given }),
    expectation,
    target,
    mitigations: [],
    user: request.user ?? actorOf(atomic, expectation, request.actors?.get(target)),
    needsUserManager: expectation?.needs.includes('user-manager') ?? usesUserManager(atomic),
    skipped: skipReason(atomic, expectation, target),
  };
  if (atomic.kind === 'benign' || control.skipped) return [control];
  const treated = mitigationsFor(atomic, expectation, target, request).map((mitigations) => {
    const treatedKey = { ...key, mitigations: mitigations.map(({ id }) => id) };
    const user = mitigations.findLast(({ profile }) => profile?.user !== undefined)?.profile?.user;
    return {
      ...control,
      id: formatCaseKey(treatedKey),
      key: treatedKey,
      mitigations,
      ...(user !== undefined && { user }),
      ...heard(mitigations),
    };
  });
  return [{ ...control, ...heard(treated.flatMap((each) => each.mitigations)) }, ...treated];
}

function heard(mitigations: readonly Mitigation[]): Pick<PlannedProcedure, 'auditKeys'> {
  const auditKeys = [...new Set(mitigations.flatMap(auditKeysOf))];
  return auditKeys.length > 0 ? { auditKeys } : {};
}

const nameOf = (variant: Variant | null): VariantName | null =>
  variant === null
    ? null
    : { axes: { ...variant.axes }, ...(variant.changes && { changes: [...variant.changes] }) };

/** Who runs an attack: whom its expectation names, else whom ART asks for; never root where a target withholds it. */
function actorOf(
  { executor, foreign }: Atomic,
  expectation: Expectation | null,
  instead: string | undefined,
): string {
  const user = expectation?.user ?? (executor.elevationRequired || !foreign ? 'root' : unprivilegedUser);
  return user === 'root' ? (instead ?? user) : user;
}

function mitigationsFor(
  atomic: Atomic,
  expectation: Expectation | null,
  target: string,
  { mitigations, mitigationMode, families }: PlanRequest,
): (readonly Mitigation[])[] {
  if (mitigationMode === 'none') return [];
  const ofTarget = families.get(target) ?? [];
  // What is never launched cannot be stopped; a file that says so by name is wrong, and to be found wrong.
  const isLaunched = (expectation?.observation ?? 'executed') === 'executed';
  const isNamed = ({ stops, records = [], bypasses }: Mitigation) =>
    [...stops, ...records, ...bypasses].some(
      ({ atomic: name }) => name !== undefined && refersTo(name, atomic),
    );
  return mitigations
    .filter((members) => members.every(({ targets }) => targets?.includes(target) ?? true))
    .map((members) => members.map((written) => mitigationFor(written, ofTarget)))
    .filter((members) => members.every((member) => member !== null))
    .filter(
      (members) =>
        members.some(isNamed) ||
        (isLaunched && (mitigationMode === 'all' || members.some((each) => claimOn(each, atomic) !== null))),
    );
}

/**
 * Legitimate use says the same of a mitigation whatever the attack: it is tried in one case for each composition and
 * target, the first whose atomic one of the members says it stops or puts on record, else the first.
 */
function withSharedUse(cases: readonly PlannedProcedure[]): PlannedProcedure[] {
  const groups = Map.groupBy(
    cases.filter(({ mitigations }) => mitigations.length > 0),
    compositionOf,
  );
  const chosen = new Map(
    [...groups].map(([composition, group]) => {
      const claims = ({ mitigations, atomic }: PlannedProcedure) =>
        mitigations.some((each) => (claimOn(each, atomic)?.kind ?? 'bypass') !== 'bypass');
      return [composition, (group.find(claims) ?? group[0])?.id];
    }),
  );
  return cases.map((each) => {
    const where = chosen.get(compositionOf(each));
    return where === undefined || where === each.id ? each : { ...each, legitimateIn: where };
  });
}

const compositionOf = ({ target, key: { mitigations } }: PlannedProcedure): string =>
  [target, ...mitigations].join('+');

/** A foreign atomic that talks to the user's own manager needs one, as on a desktop or after a login. */
const usesUserManager = ({ executor, foreign }: Atomic): boolean =>
  foreign && /\b(?:systemctl|systemd-run|busctl|loginctl)\b[^\n]*\s--user\b/.test(executor.command);

function skipReason(atomic: Atomic, expectation: Expectation | null, target: string): string | null {
  if (atomic.unsupported) return atomic.unsupported;
  if (expectation?.skip) return expectation.skip;
  if (expectation?.targets && !expectation.targets.includes(target)) {
    return `its expectation names only ${expectation.targets.join(', ')}`;
  }
  return null;
}

/** An atomic with all its variants and all that is held against them: none is parted from what it is compared with. */
const groupsOf = (cases: readonly PlannedProcedure[]): Map<string, PlannedProcedure[]> =>
  Map.groupBy(cases, ({ key }) => groupNameOf(key));

function dealt(
  groups: ReadonlyMap<string, readonly PlannedProcedure[]>,
  shard: Shard,
  durations: PlanRequest['durations'],
): (readonly PlannedProcedure[])[] {
  if (!durations) return dealtInTurn([...groups.values()], shard);
  const loads = [...groups.values()].map((group) => {
    const known = group.flatMap(({ id, skipped }) => durations.get(id) ?? (skipped === null ? [] : [0]));
    const sum = known.reduce((total, ms) => total + ms, 0);
    // Of a group that is known in part, the others take what those take on average.
    return { group, ms: known.length === 0 ? null : (sum / known.length) * group.length };
  });
  return dealtByLoad(loads, shard);
}
