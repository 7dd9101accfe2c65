// What an atomic must do, kept beside it and keyed by its GUID, so that foreign atomics can have expectations too.

import { z } from 'zod';

export const observations = ['executed', 'inert', 'performed', 'refused', 'errored'] as const;
/** What happened, without opinion (DESIGN: words). */
export type Observation = (typeof observations)[number];

export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');

/** As its file is called: rules of others have underscores, blanks and capitals in their names. */
export const ruleSlug = z.string().min(1, 'expected the name of a rule');

export const observation = z.enum(['executed', 'inert', 'performed', 'refused']);
const exitCode = z.int().min(0).max(255);

/** How the container beside a pair's machine is set up. */
const besideSchema = z.strictObject({
  /** It may only read what it has of the machine. */
  readOnly: z.boolean().default(false),
  /** What it runs, instead of nothing but waiting. */
  command: z.array(z.string().min(1)).min(1).exactOptional(),
  /** What the container engine is asked to execute in it, as root, once it runs. */
  exec: z.array(z.string().min(1)).min(1).exactOptional(),
  /**
   * Folders that the engine's own machine is to give to a further container, `source:place` or `source:place:ro`: that one
   * is created and never started, so that nothing of the machine is touched.
   */
  given: z
    .array(
      z
        .string()
        .regex(
          /^\/[^:]*:\/[^:]*(?::r[ow])?$/,
          'expected /folder/of/the/machine:/place, with :ro where it is only read',
        ),
    )
    .min(1)
    .exactOptional(),
});
export type Beside = z.infer<typeof besideSchema>;

const artifacts = z.array(
  z.strictObject({ path: z.string(), action: z.string(), by: z.string().optional() }),
);
const evades = z.array(z.strictObject({ rule: ruleSlug, why: z.string().min(1) }));

/** As it holds on one target. */
export const expectationSchema = z.strictObject({
  slug,
  kind: z.enum(['attack', 'benign']).default('attack'),
  /** Who runs the attack; root unless given (ART's elevation_required asks for root as well). */
  user: z.string().optional(),
  tags: z.array(slug).default([]),
  /** Targets on which it can run; every target unless given. */
  targets: z.array(z.string()).optional(),
  /** Why there is nothing to run; it is left out, and says this. */
  skip: z.string().min(1).exactOptional(),
  /** What must be up before the attack. */
  needs: z.array(z.enum(['user-manager'])).default([]),
  /** On a pair, where how the container beside the machine is set up is the point: it is of the procedure's making. */
  container: besideSchema.exactOptional(),
  observation: observation.default('executed'),
  /** Text that must be in one of the reasons for an inert or refused atomic. */
  reason: z.string().optional(),
  /** The job's own exit code, where it is not 0. */
  exitCode: exitCode.optional(),
  /** Files the atomic must be seen to touch: glob over the canonical path, ECS action, basename of the actor. */
  artifacts: artifacts.default([]),
  /** Slugs of the rules that must fire on it. */
  detects: z.array(ruleSlug).default([]),
  /** Documented misses: rules that do not see this atomic, and why. */
  evades: evades.default([]),
});
export type Expectation = z.infer<typeof expectationSchema>;

export const differenceSchema = z.strictObject({
  skip: z.string().min(1).exactOptional(),
  observation: observation.exactOptional(),
  /** null: none, where there is one elsewhere. */
  reason: z.string().nullable().exactOptional(),
  exitCode: exitCode.exactOptional(),
  artifacts: artifacts.exactOptional(),
  detects: z.array(ruleSlug).exactOptional(),
  evades: evades.exactOptional(),
});
/** What is otherwise: on the targets of a family, or for a user. */
export type Difference = z.infer<typeof differenceSchema>;

/** As it is written: for every target, and what is otherwise on those of a family. */
export const writtenExpectationSchema = expectationSchema.extend({
  /** What is named replaces what the expectation says for all; of several families the later wins. */
  families: z.record(slug, differenceSchema).default({}),
});
export type WrittenExpectation = z.infer<typeof writtenExpectationSchema>;

/** What an expectation says for a target of these families. */
export function expectationFor(written: WrittenExpectation, families: readonly string[]): Expectation {
  const { families: differences, ...expectation } = written;
  const own = Object.entries(differences).filter(([family]) => families.includes(family));
  return own.reduce((told, [, difference]) => withDifference(told, difference), expectation as Expectation);
}

function withDifference(expectation: Expectation, difference: Difference): Expectation {
  const { reason, ...told } = { ...expectation, ...difference };
  return reason === null || reason === undefined ? told : { ...told, reason };
}

/** The expectation with what a user expects instead; where the atomic has none, what holds unless it is said. */
export const overruled = (
  expectation: Expectation | null,
  own: Difference | undefined,
  slug: string,
): Expectation | null =>
  own ? withDifference(expectation ?? expectationSchema.parse({ slug }), own) : expectation;
