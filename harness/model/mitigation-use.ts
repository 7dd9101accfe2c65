// What is tried under mitigations besides the attack: legitimate use, and known ways around that are no atomic.

import { auditKeysOf, type Mitigation } from './mitigation.ts';

export interface TriedUse {
  readonly role: 'legitimate' | 'bypass';
  readonly name: string;
  readonly user: string;
  readonly command: string;
  /** What shows that it works. */
  readonly proof: 'executed' | 'succeeds';
  /** Why it is known to work no longer. */
  readonly broken: string | null;
  /** Of audit rules by which it must not be on record. */
  readonly unrecordedBy: readonly string[];
}

/** In the order in which it is tried: all legitimate use first, as the marks of evidence are kept in this order. */
export const usesUnder = (mitigations: readonly Mitigation[]): TriedUse[] => [
  ...mitigations.flatMap(({ legitimate }) =>
    legitimate.map(
      ({ broken = null, ...use }): TriedUse => ({
        ...use,
        role: 'legitimate',
        broken,
        unrecordedBy: [],
      }),
    ),
  ),
  ...mitigations.flatMap((mitigation) => {
    const unrecordedBy = auditKeysOf(mitigation);
    return mitigation.bypasses.flatMap(({ how, command, user = 'root' }): TriedUse[] =>
      command === undefined
        ? []
        : [{ role: 'bypass', name: how, user, command, proof: 'executed', broken: null, unrecordedBy }],
    );
  }),
];
