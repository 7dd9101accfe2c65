// What an atomic must do, kept beside it and keyed by its GUID, so that foreign atomics can have expectations too.

import { z } from 'zod';

export const observations = ['executed', 'inert', 'performed', 'refused', 'errored'] as const;
/** What happened, without opinion (DESIGN: words). */
export type Observation = (typeof observations)[number];

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');

export const expectationSchema = z.strictObject({
  slug,
  kind: z.enum(['attack', 'benign']).default('attack'),
  /** Who runs the attack; root unless given (ART's elevation_required asks for root as well). */
  user: z.string().optional(),
  tags: z.array(slug).default([]),
  /** Targets on which it can run; every target unless given. */
  targets: z.array(z.string()).optional(),
  /** What must be up before the attack. */
  needs: z.array(z.enum(['user-manager'])).default([]),
  observation: z.enum(['executed', 'inert', 'performed', 'refused']).default('executed'),
  /** Text that must be in one of the reasons for an inert or refused atomic. */
  reason: z.string().optional(),
  /** The job's own exit code, where it is not 0. */
  exitCode: z.int().min(0).max(255).optional(),
  /** Files the atomic must be seen to touch: glob over the canonical path, ECS action, basename of the actor. */
  artifacts: z
    .array(z.strictObject({ path: z.string(), action: z.string(), by: z.string().optional() }))
    .default([]),
  /** Slugs of the rules that must fire on it. */
  detects: z.array(slug).default([]),
  /** Documented misses: rules that do not see this atomic, and why. */
  evades: z.array(z.strictObject({ rule: slug, why: z.string().min(1) })).default([]),
});
export type Expectation = z.infer<typeof expectationSchema>;
