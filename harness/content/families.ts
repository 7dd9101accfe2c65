// atomics/families.yaml → what is otherwise on each family of targets.

import { join } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { type Families, familiesSchema } from '../model/family.ts';
import { packageRoot } from '../model/package-root.ts';
import type { Source } from '../model/source.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml } from './yaml.ts';

/** Its name, wherever it lies. */
export const familiesFile = 'families.yaml';

/** The bundled families; none where anything but a warning is to be said of the file. */
export function loadFamilies(): { families: Families; problems: Problem[] } {
  const source = readSource(join(packageRoot, 'atomics', familiesFile));
  return isProblem(source) ? { families: {}, problems: [source] } : parseFamilies(source);
}

/** The same from text. */
export function parseFamilies(source: Source): { families: Families; problems: Problem[] } {
  const { yaml, problems } = parseYaml(source);
  if (!yaml) return { families: {}, problems };
  const checked = checkSchema(familiesSchema, yaml, yaml.value ?? {});
  return { families: checked.value ?? {}, problems: [...problems, ...checked.problems] };
}
