// What is otherwise on a family of targets whatever the atomic: said once, and folded into every expectation.

import { z } from 'zod';
import { observation, ruleSlug, slug, type WrittenExpectation } from './expectation.ts';

/** Rules that do not see there what they see elsewhere, and why. */
const misses = z.record(ruleSlug, z.string().min(1)).default({});

const groupSchema = z
  .strictObject({
    /** Slugs; with tags, what has one of either. */
    atomics: z.array(slug).default([]),
    tags: z.array(slug).default([]),
    /** What this account runs elsewhere. */
    user: z.string().min(1).exactOptional(),
    /** Of these it does not hold. */
    except: z.array(slug).default([]),
    /** Why there is nothing to run there. */
    skip: z.string().min(1).exactOptional(),
    observation: observation.exactOptional(),
    /** Text that must be in one of the reasons for what is inert or refused there. */
    reason: z.string().min(1).exactOptional(),
    misses,
    /** Rules that fire there, too. */
    detects: z.array(ruleSlug).default([]),
    /** Of the rules that are named for everywhere, those that fire there as well; without it all but those that miss. */
    keeps: z.array(ruleSlug).exactOptional(),
    /** Whether the artifacts that are named for everywhere are left there. */
    leavesArtifacts: z.boolean().default(true),
  })
  .refine(({ atomics, tags, user }) => atomics.length + tags.length > 0 || user !== undefined, {
    error: 'expected `atomics`, `tags` or `user`: whom it is about',
  });

const familySchema = z.strictObject({
  /** Paths of artifacts, word for word, and what they are called there. */
  paths: z.record(z.string(), z.string()).default({}),
  /** Names of programs by which artifacts are made, and what does it there. */
  programs: z.record(z.string(), z.string()).default({}),
  misses,
  /** Rules that fire there on every attack, too. */
  detects: z.array(ruleSlug).default([]),
  /** In this order: what a later one says wins. */
  groups: z.array(groupSchema).default([]),
});
export type Family = z.infer<typeof familySchema>;

/** atomics/families.yaml */
export const familiesSchema = z.record(slug, familySchema);
export type Families = Readonly<Record<string, Family>>;

/**
 * An expectation with what these families say of it; what it says of a family itself comes last.
 */
export function withFamilies(written: WrittenExpectation, families: Families): WrittenExpectation {
  const told = Object.entries(families).flatMap(([name, family]) => {
    const difference = { ...differenceOf(written, family), ...written.families[name] };
    return Object.keys(difference).length > 0 ? [[name, difference] as const] : [];
  });
  return { ...written, families: { ...written.families, ...Object.fromEntries(told) } };
}

type Difference = WrittenExpectation['families'][string];

function differenceOf(
  written: WrittenExpectation,
  { paths, programs, misses: missed, detects, groups }: Family,
): Difference {
  const own = groups.filter(
    ({ atomics, tags, user, except }) =>
      !except.includes(written.slug) &&
      (atomics.includes(written.slug) ||
        tags.some((tag) => written.tags.includes(tag)) ||
        (user !== undefined && user === (written.user ?? 'root'))),
  );
  const difference: Difference = {};
  const renamed = written.artifacts.map(({ path, by, ...one }) => ({
    ...one,
    path: paths[path] ?? path,
    ...(by !== undefined && { by: programs[by] ?? by }),
  }));
  if (own.some(({ leavesArtifacts }) => !leavesArtifacts)) difference.artifacts = [];
  else if (
    renamed.some(
      ({ path, by }, at) => path !== written.artifacts[at]?.path || by !== written.artifacts[at]?.by,
    )
  )
    difference.artifacts = renamed;

  const why = Object.assign({}, missed, ...own.map((group) => group.misses)) as Record<string, string>;
  // On a benign twin no rule may fire, whatever group its tags put it into.
  const also = written.kind === 'attack' ? [...detects, ...own.flatMap((group) => group.detects)] : [];
  const lost = written.detects.filter((rule) => Object.hasOwn(why, rule) && !also.includes(rule));
  const keeps = own.findLast((group) => group.keeps !== undefined)?.keeps;
  const left = written.detects.filter(
    (rule) => !lost.includes(rule) && (keeps === undefined || keeps.includes(rule)),
  );
  if (left.length < written.detects.length || also.length > 0) {
    difference.detects = [...new Set([...left, ...also])];
    difference.evades = [
      ...written.evades.filter(({ rule }) => !also.includes(rule)),
      ...lost.map((rule) => ({ rule, why: why[rule] as string })),
    ];
  }
  for (const { skip, observation: seen, reason } of own) {
    if (skip !== undefined) difference.skip = skip;
    if (seen === undefined) continue;
    difference.observation = seen;
    // What is refused elsewhere for a reason is not there for the same.
    difference.reason = reason ?? null;
  }
  return difference;
}
