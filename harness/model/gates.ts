// Gates: what a run must come to beyond its expectations, and whether it did.

import { isUnseen } from './fired.ts';
import type { GateRecord, RunRecord } from './run-record.ts';

export const gateNames = ['attacks-seen', 'rules-fire', 'branches', 'survival'] as const;
export type GateName = (typeof gateNames)[number];

/** A gate, and the share that it asks for. */
export interface Requirement {
  readonly gate: GateName;
  /** From 0 to 100. */
  readonly percent: number;
}

/** The record with the gates that were asked for instead of those it had; as it is where none were. */
export const withGates = (record: RunRecord, requirements: readonly Requirement[]): RunRecord =>
  requirements.length === 0
    ? record
    : { ...record, gates: requirements.map((requirement) => gateOf(record, requirement)) };

/** What there is to count nothing of cannot be told to be enough: such a gate is not met. */
function gateOf(record: RunRecord, { gate, percent }: Requirement): GateRecord {
  const { of, got, offenders } = measured(record, gate);
  // 199 of 200 are no 99.6 %: cut, not rounded.
  const actual = of === 0 ? null : Math.floor((1000 * got) / of) / 10;
  const isMet = of > 0 && 100 * got >= percent * of;
  return { gate, percent, actual, of, got, met: isMet, offenders: isMet ? [] : offenders };
}

type Measured = Pick<GateRecord, 'of' | 'got' | 'offenders'>;

function measured({ cases, rules, summary }: RunRecord, gate: GateName): Measured {
  switch (gate) {
    case 'attacks-seen': {
      const { executed, seen, unseen } = summary.attacks;
      return {
        of: executed,
        got: seen,
        offenders: unseen.map((id) => ({ about: 'case', id, why: 'no rule saw it', place: null })),
      };
    }
    case 'rules-fire': {
      const silent = rules.filter(({ firedIn }) => firedIn.length === 0);
      return {
        of: rules.length,
        got: rules.length - silent.length,
        offenders: silent.map(({ slug, error, unavailable, file }) => ({
          about: 'rule',
          id: slug,
          why: error === null ? (unavailable ?? 'it fired on no attack') : 'it cannot be used',
          place: file,
        })),
      };
    }
    case 'branches':
      return {
        of: rules.reduce((sum, { branches }) => sum + branches.total, 0),
        got: rules.reduce((sum, { branches }) => sum + branches.proven, 0),
        offenders: rules.flatMap(({ slug, branches: { unproven } }) =>
          unproven.map(({ branch, kind, place }) => ({
            about: 'rule' as const,
            id: slug,
            why: `unproven ${kind}: ${branch}`,
            place,
          })),
        ),
      };
    case 'survival': {
      const { executed, seen } = summary.variants ?? { executed: 0, seen: 0 };
      return {
        of: executed,
        got: seen,
        offenders: cases
          .filter((one) => one.variant !== null && isUnseen(one))
          .map(({ id }) => ({ about: 'case', id, why: 'no rule saw this variant', place: null })),
      };
    }
  }
}
