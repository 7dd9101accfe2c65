// containers/targets.yaml → the targets that the lab can start.

import { join } from 'node:path';
import { ContentError, type Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import type { Source } from '../model/source.ts';
import { type TargetDefinition, targetsFileSchema } from '../model/target.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml } from './yaml.ts';

/** Targets by name. */
export type Targets = ReadonlyMap<string, TargetDefinition>;

/**
 * Loads the targets of a file.
 * @param file the bundled one unless given
 * @returns no targets where anything but a warning is to be said of the file
 */
export function loadTargets(file: string = join(packageRoot, 'containers/targets.yaml')): {
  targets: Targets;
  problems: Problem[];
} {
  const source = readSource(file);
  return isProblem(source) ? { targets: new Map(), problems: [source] } : parseTargets(source);
}

/** As `loadTargets`, from text. */
export function parseTargets(source: Source): { targets: Targets; problems: Problem[] } {
  const { yaml, problems } = parseYaml(source);
  if (!yaml) return { targets: new Map(), problems };
  const checked = checkSchema(targetsFileSchema, yaml, yaml.value);
  return {
    targets: new Map(Object.entries(checked.value?.targets ?? {})),
    problems: [...problems, ...checked.problems],
  };
}

/**
 * The bundled targets, for those who cannot go on without them.
 * @throws ContentError with every problem of the file
 */
export function readTargets(): Targets {
  const { targets, problems } = loadTargets();
  if (problems.some(({ severity }) => severity === 'error')) throw new ContentError(problems);
  return targets;
}
