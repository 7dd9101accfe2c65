// What a case looks for: the payloads of its steps, and by what each is recognised.

import type { Atomic } from '../../model/atomic.ts';
import type { CaseEvidence } from '../../model/evidence.ts';
import type { Step } from '../../model/run-record.ts';

export type Role = Step['role'];

/** What is looked for: a marker in the payload, or null when the payload is not ours. */
export interface Payload {
  role: Role;
  nonce: string | null;
}

/** The attack's payload: recognised by its nonce where it is ours, by how it was scheduled where it is not. */
export const attackPayload = (evidence: CaseEvidence): Payload => ({
  role: 'attack',
  nonce: evidence.kind !== 'idle' && isOurs(evidence.atomic) ? evidence.nonce : null,
});

const isOurs = ({ foreign, inputs }: Atomic): boolean => !foreign && 'command' in inputs;

export const payloadsOf = (evidence: CaseEvidence): Payload[] => [
  attackPayload(evidence),
  ...(evidence.kind === 'idle' ? [] : evidence.legitimateNonces).map(
    (nonce): Payload => ({ role: 'legitimate', nonce }),
  ),
];
