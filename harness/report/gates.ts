// Gates in words, for every report.

import type { GateRecord } from '../model/run-record.ts';

/** `survival=95`: as it was asked for. */
export const gateText = ({ gate, percent }: GateRecord): string =>
  gate === 'rules-fire' && percent === 100 ? gate : `${gate}=${percent}`;

/** `91.2 %, 512 of 561 executed variants are seen`. */
export function gateResult({ gate, actual, got, of }: GateRecord): string {
  const { what, does, none } = countedBy[gate];
  return actual === null ? none : `${actual} %, ${got} of ${of} ${what} ${does}`;
}

const countedBy = {
  'attacks-seen': { what: 'executed attacks', does: 'are seen', none: 'no attack executed' },
  'rules-fire': { what: 'rules', does: 'fired', none: 'there is no rule' },
  branches: { what: 'branches', does: 'are proven', none: 'the rules have no branches' },
  survival: { what: 'executed variants', does: 'are seen', none: 'no variant executed' },
} as const satisfies Record<GateRecord['gate'], { what: string; does: string; none: string }>;
