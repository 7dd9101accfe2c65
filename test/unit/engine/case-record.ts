// Records of cases for tests that need no more of them than what they are, what they did and who saw it.

import { parseCaseKey } from '../../../harness/model/case-key.ts';
import type { CaseRecord } from '../../../harness/model/run-record.ts';
import type { Change } from '../../../harness/model/variant.ts';

/** @param id of the case, which says which atomic, variant, target and mitigations it has */
export function aCaseRecord(
  id: string,
  { changes, ...over }: Partial<CaseRecord> & { changes?: Change[] } = {},
): CaseRecord {
  const key = parseCaseKey(id);
  if (!key) throw new TypeError(`${id} is no id of a case`);
  const isVariant = Object.keys(key.variant).length > 0;
  return {
    id,
    kind: 'attack',
    atomic: {
      guid: '00000000-0000-4000-8000-000000000000',
      slug: key.atomic,
      name: key.atomic,
      technique: 'T1053.003',
      source: 'atomics/T1053.003/T1053.003.yaml',
      bundled: true,
    },
    variant: isVariant ? { axes: { ...key.variant }, ...(changes && { changes }) } : null,
    target: key.target,
    mitigation: key.mitigations.join('+') || null,
    user: 'root',
    observation: 'executed',
    proof: null,
    steps: [],
    artifacts: [],
    residue: [],
    detections: [],
    seenBy: [],
    telemetry: { events: 1, lost: 0, perSensor: {} },
    verdict: 'pass',
    reasons: [],
    timings: {},
    ...over,
  };
}
