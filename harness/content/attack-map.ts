// detections/attack.yaml: which of ATT&CK's analytics each rule belongs to, by the version of ATT&CK.

import { join } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import { loadChecked } from './checked-yaml.ts';
import type { YamlFile } from './yaml.ts';

const analyticId = z.string().regex(/^AN\d{4}$/, 'expected the id of an analytic, such as AN0944');

const elementSchema = z.union([
  z.string().min(1),
  z.strictObject({ outside: z.string().min(1).describe('Why the rule does not have it') }),
]);

const analyticSchema = z.strictObject({
  platform: z.enum(['Linux', 'Windows', 'Containers']),
  asWritten: z.string().exactOptional().describe('The rule that is this analytic, no wider and no narrower'),
  elements: z
    .record(z.string(), elementSchema)
    .exactOptional()
    .describe('What ATT&CK leaves to the site: the text of that rule which says it'),
});

const attackMapSchema = z.strictObject({
  version: z.string().regex(/^\d+\.\d+$/, 'expected the version of ATT&CK, such as 18.1'),
  strategies: z.record(
    z.string().regex(/^DET\d{4}$/, 'expected the id of a detection strategy, such as DET0333'),
    z.strictObject({
      name: z.string().min(1),
      technique: z.string().regex(/^T\d{4}(\.\d{3})?$/, 'expected a technique, such as T1053.002'),
      analytics: z.record(analyticId, analyticSchema),
    }),
  ),
  rules: z.record(z.string(), z.array(analyticId).min(1)),
});

type AttackMap = z.output<typeof attackMapSchema>;

/** An analytic with the strategy that it is part of. */
type Analytic = z.output<typeof analyticSchema> & {
  readonly id: string;
  readonly strategy: string;
  readonly name: string;
  readonly technique: string;
};

/** The map of this package; nothing but problems where the file cannot be used. */
export interface LoadedAttackMap {
  readonly version: string;
  readonly analytics: readonly Analytic[];
  /** Slug of a rule → ids of analytics. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
  readonly yaml: YamlFile | null;
  readonly problems: readonly Problem[];
}

/**
 * Reads the map of rules to analytics.
 * @param path that of this package unless given
 * @source https://attack.mitre.org/detectionstrategies/
 */
export function loadAttackMap(path: string = join(packageRoot, 'detections/attack.yaml')): LoadedAttackMap {
  const { value, yaml, problems } = loadChecked(path, attackMapSchema);
  if (value === null) return unusable(problems, yaml);
  return {
    version: value.version,
    analytics: analyticsIn(value),
    rules: new Map(Object.entries(value.rules)),
    yaml,
    problems,
  };
}

const analyticsIn = ({ strategies }: AttackMap): Analytic[] =>
  Object.entries(strategies).flatMap(([strategy, { name, technique, analytics }]) =>
    Object.entries(analytics).map(([id, analytic]) => ({ id, strategy, name, technique, ...analytic })),
  );

const unusable = (problems: readonly Problem[], yaml: YamlFile | null): LoadedAttackMap => ({
  version: '',
  analytics: [],
  rules: new Map(),
  yaml,
  problems,
});
