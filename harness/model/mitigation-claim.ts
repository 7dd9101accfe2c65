// What a mitigation says of an atomic: that it stops it, that it puts it on record, that it gets by, or nothing.

import type { Atomic } from './atomic.ts';
import type { Mitigation } from './mitigation.ts';
import { refersTo } from './reference.ts';

type Named = Pick<Atomic, 'slug' | 'guid' | 'tags'>;
type Claiming = Pick<Mitigation, 'stops' | 'records' | 'bypasses'>;

export type Claim =
  | { readonly kind: 'stops'; readonly stage: 'submission' | 'execution'; readonly reason: string }
  /** It runs, and a record of it has this key. */
  | { readonly kind: 'records'; readonly key: string }
  /** A declared bypass: it is to be executed all the same, and nothing of it is to be on record. */
  | { readonly kind: 'bypass'; readonly how: string };

/**
 * The claim of a mitigation on an atomic; null where it says nothing of it. Who names the atomic itself is asked before
 * who names a tag of it, so that a bypass can be an exception to what stops all others.
 */
export function claimOn({ stops, records = [], bypasses }: Claiming, atomic: Named): Claim | null {
  const isNamed = ({ atomic: name }: { atomic?: string }) => name !== undefined && refersTo(name, atomic);
  const isTagged = ({ tag }: { tag?: string }) => tag !== undefined && atomic.tags.includes(tag);
  for (const means of [isNamed, isTagged]) {
    const stop = stops.find(means);
    if (stop) return { kind: 'stops', stage: stop.stage, reason: stop.reason };
    const record = records.find(means);
    if (record) return { kind: 'records', key: record.key };
    const bypass = bypasses.find(means);
    if (bypass) return { kind: 'bypass', how: bypass.how };
  }
  return null;
}
