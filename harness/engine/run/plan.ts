// Which cases a run consists of: atomic × target × (mitigation or none), and one idle control per target.

import type { Atomic } from '../../model/atomic.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Mitigation } from '../../model/mitigation.ts';
import { refersTo } from '../../model/reference.ts';

export interface PlannedCase {
  id: string;
  kind: 'attack' | 'benign' | 'idle';
  atomic: Atomic | null;
  expectation: Expectation | null;
  target: string;
  mitigation: Mitigation | null;
  user: string;
  needsUserManager: boolean;
  /** Why it will not run; null when it will. */
  skipped: string | null;
}

export interface PlanRequest {
  atomics: readonly Atomic[];
  expectations: ReadonlyMap<string, Expectation>;
  targets: readonly string[];
  mitigations: readonly Mitigation[];
  /** `declared`: each mitigation against the atomics that it says it stops; `all`: the full matrix. */
  mitigationMode: 'declared' | 'all' | 'none';
  shard: Shard | null;
}

/** The i-th of n parts of a run, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** The unprivileged account that every target has. */
const unprivilegedUser = 'alice';

export function planCases(request: PlanRequest): PlannedCase[] {
  const cases = request.targets.flatMap((target) => [
    ...request.atomics.flatMap((atomic) => casesOf(atomic, target, request)),
  ]);
  return [...idleControls(request.targets), ...inShard(cases, request.shard)];
}

const idleControls = (targets: readonly string[]): PlannedCase[] =>
  targets.map((target) => ({
    id: `idle@${target}`,
    kind: 'idle',
    atomic: null,
    expectation: null,
    target,
    mitigation: null,
    user: 'root',
    needsUserManager: false,
    skipped: null,
  }));

/** The atomic's control case and, after it, one case for each mitigation that is held against it. */
function casesOf(atomic: Atomic, target: string, request: PlanRequest): PlannedCase[] {
  const expectation = request.expectations.get(atomic.guid) ?? null;
  const control: PlannedCase = {
    id: `${atomic.slug}@${target}`,
    kind: atomic.kind,
    atomic,
    expectation,
    target,
    mitigation: null,
    user:
      expectation?.user ?? (atomic.executor.elevationRequired || !atomic.foreign ? 'root' : unprivilegedUser),
    needsUserManager: expectation?.needs.includes('user-manager') ?? usesUserManager(atomic),
    skipped: skipReason(atomic, expectation, target),
  };
  if (atomic.kind === 'benign' || control.skipped) return [control];
  const treated = mitigationsFor(atomic, target, request).map((mitigation) => ({
    ...control,
    id: `${control.id}+${mitigation.id}`,
    mitigation,
  }));
  return [control, ...treated];
}

function mitigationsFor(atomic: Atomic, target: string, request: PlanRequest): Mitigation[] {
  if (request.mitigationMode === 'none') return [];
  return request.mitigations.filter(
    (mitigation) =>
      (mitigation.targets?.includes(target) ?? true) &&
      (request.mitigationMode === 'all' || mitigation.stops.some((claim) => refersTo(claim.atomic, atomic))),
  );
}

/** A foreign atomic that talks to the user's own manager needs one, as on a desktop or after a login. */
const usesUserManager = ({ executor, foreign }: Atomic): boolean =>
  foreign && /\b(?:systemctl|systemd-run|busctl|loginctl)\b[^\n]*\s--user\b/.test(executor.command);

function skipReason(atomic: Atomic, expectation: Expectation | null, target: string): string | null {
  if (atomic.unsupported) return atomic.unsupported;
  if (expectation?.targets && !expectation.targets.includes(target)) {
    return `its expectation names only ${expectation.targets.join(', ')}`;
  }
  return null;
}

/** Every n-th atomic with all of its cases: a mitigation is never parted from its control. */
function inShard(cases: readonly PlannedCase[], shard: Shard | null): PlannedCase[] {
  if (!shard) return [...cases];
  const groups = [...new Set(cases.map(groupOf))];
  return cases.filter((planned) => groups.indexOf(groupOf(planned)) % shard.count === shard.index - 1);
}

const groupOf = ({ atomic, target }: PlannedCase): string => `${atomic?.guid}@${target}`;
