// A case's evidence before anything has happened.

import { type CaseEvidence, evidenceVersion } from '../../model/evidence.ts';
import { emptyInventory } from '../../model/inventory.ts';
import type { PlannedCase } from './plan.ts';

export const blankEvidence = (
  planned: PlannedCase,
  { nonce, legitimateNonces }: Pick<CaseEvidence, 'nonce' | 'legitimateNonces'>,
): CaseEvidence => ({
  evidenceVersion,
  id: planned.id,
  kind: planned.kind,
  atomic: planned.atomic,
  expectation: planned.expectation,
  target: planned.target,
  mitigation: planned.mitigation,
  user: planned.user,
  nonce,
  legitimateNonces,
  skipped: planned.skipped,
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
});
