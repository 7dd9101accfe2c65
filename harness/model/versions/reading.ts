// How a saved value is read that names its version: by that version's schema, or not at all where it is a newer one.

import type { z } from 'zod';

/** The schema that reads it into today's form; or the number of the version, which this atomclock does not know. */
export type Reading<Today> =
  | { readonly schema: z.ZodType<Today> }
  | { readonly newer: number; readonly newest: number };

/**
 * @param field where the value has its version
 * @param known a reader for each version; the newest reports of what names none
 */
export function readingOf<Today>(
  field: string,
  value: unknown,
  { readers, newest }: { readers: Readonly<Record<number, z.ZodType<Today>>>; newest: number },
): Reading<Today> {
  const version = (value as Record<string, unknown> | null)?.[field];
  if (typeof version === 'number' && version > newest) return { newer: version, newest };
  const own = typeof version === 'number' ? readers[version] : undefined;
  return { schema: own ?? (readers[newest] as z.ZodType<Today>) };
}
