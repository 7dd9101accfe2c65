// detections/unproven.yaml: branches of rules that no run proves, and why they are there all the same.

import { join } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import { loadChecked } from './checked-yaml.ts';
import type { YamlFile } from './yaml.ts';

const unprovenSchema = z
  .record(z.string(), z.array(z.strictObject({ branch: z.string().min(1), why: z.string().min(1) })).min(1))
  // An empty file: every branch is proven.
  .nullable();

export interface LoadedUnproven {
  /** Slug of a rule → branch, in the words of `explain` → why. */
  readonly reasons: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly yaml: YamlFile | null;
  readonly problems: readonly Problem[];
}

/** Reads the list of this package, or that of a path; nothing but problems where it cannot be used. */
export function loadUnproven(path: string = join(packageRoot, 'detections/unproven.yaml')): LoadedUnproven {
  const { value, yaml, problems } = loadChecked(path, unprovenSchema);
  const reasons = Object.entries(value ?? {}).map(
    ([rule, branches]) => [rule, new Map(branches.map(({ branch, why }) => [branch, why]))] as const,
  );
  return { reasons: new Map(reasons), yaml, problems };
}
