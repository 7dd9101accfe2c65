// What a case looks for: the payloads of its steps, and by what each is recognised.

import type { CaseEvidence, ProcedureEvidence } from '../../model/evidence.ts';
import type { Step } from '../../model/run-record.ts';

export type Role = Step['role'];

/** Whose doing a step's is: what is tried under a mitigation is told apart by its nonces, not by what it is tried for. */
export const attributedRole = (role: Role): Role => (role === 'bypass' ? 'legitimate' : role);

/** What is looked for: a marker in the payload, or null when the payload is not ours. */
export interface Payload {
  role: Role;
  nonce: string | null;
}

/** The attack's payload: recognised by its nonce where it is ours, by how it was scheduled where it is not. */
export const attackPayload = (evidence: CaseEvidence): Payload => ({
  role: 'attack',
  nonce: evidence.kind !== 'idle' && isOurs(evidence) ? evidence.nonce : null,
});

/** Not where whoever runs it gave it a payload of theirs. */
const isOurs = ({ atomic: { foreign, inputs }, given = {} }: ProcedureEvidence): boolean =>
  !foreign && Object.hasOwn(inputs, 'command') && !Object.hasOwn(given, 'command');

export const payloadsOf = (evidence: CaseEvidence): Payload[] => [
  attackPayload(evidence),
  ...(evidence.kind === 'idle' ? [] : evidence.legitimateNonces).map(
    (nonce): Payload => ({ role: 'legitimate', nonce }),
  ),
];
