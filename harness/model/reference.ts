// How content means an atomic: by its slug or its GUID. Mitigations name what they stop, in whatever case a person typed.

import type { Atomic } from './atomic.ts';

/** Whether a reference in content (slug or GUID, in any case) means this atomic. */
export function refersTo(reference: string, { slug, guid }: Pick<Atomic, 'slug' | 'guid'>): boolean {
  const wanted = reference.toLowerCase();
  return wanted === slug.toLowerCase() || wanted === guid.toLowerCase();
}
