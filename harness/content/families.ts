// atomics/families.yaml → what is otherwise on each family of targets.

import { join } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { type Families, familiesSchema } from '../model/family.ts';
import { packageRoot } from '../model/package-root.ts';
import type { Source } from '../model/source.ts';
import { type CheckedYaml, loadChecked, parseChecked } from './checked-yaml.ts';

/** Its name, wherever it lies. */
export const familiesFile = 'families.yaml';

/** The bundled families; none where anything but a warning is to be said of the file. */
export function loadFamilies(): { families: Families; problems: Problem[] } {
  return familiesIn(loadChecked(join(packageRoot, 'atomics', familiesFile), written));
}

/** The same from text. */
export function parseFamilies(source: Source): { families: Families; problems: Problem[] } {
  return familiesIn(parseChecked(source, written));
}

/** An empty file: nothing is otherwise anywhere. */
const written = familiesSchema.nullable();

const familiesIn = ({ value, problems }: CheckedYaml<Families | null>) => ({
  families: value ?? {},
  problems,
});
