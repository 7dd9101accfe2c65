// A case's evidence before anything has happened.

import { type CaseEvidence, evidenceVersion } from '../../model/evidence.ts';
import { emptyInventory } from '../../model/inventory.ts';
import { usesUnder } from '../../model/mitigation-use.ts';
import type { PlannedCase } from './plan.ts';

/** @param nonce makes a new mark for a payload */
export function blankEvidence(planned: PlannedCase, nonce: () => string): CaseEvidence {
  const { id, target } = planned;
  const recorded = {
    steps: [],
    inventory: {
      before: emptyInventory,
      scheduled: emptyInventory,
      after: emptyInventory,
      legitimate: emptyInventory,
    },
    filesystem: [],
    telemetry: { perSensor: {} },
    faults: [],
    timings: {},
  };
  if (planned.kind === 'idle') return { evidenceVersion, id, kind: 'idle', target, ...recorded };
  const { kind, atomic, variant, given, expectation, mitigations, legitimateIn, user, skipped } = planned;
  return {
    evidenceVersion,
    id,
    kind,
    atomic,
    variant,
    ...(given && { given: { ...given } }),
    expectation,
    target,
    mitigations: [...mitigations],
    user,
    nonce: nonce(),
    legitimateNonces: legitimateIn === undefined ? usesUnder(mitigations).map(nonce) : [],
    ...(legitimateIn !== undefined && { legitimateIn }),
    skipped,
    ...recorded,
  };
}
