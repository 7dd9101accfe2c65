// atomics/variants/*.yaml → the axes along which atomics can be varied.

import { join } from 'node:path';
import { type Axis, axisSchema } from '../model/axis.ts';
import type { Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import { findFiles } from './folder.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

export interface WrittenAxis {
  readonly axis: Axis;
  readonly yaml: YamlFile;
}

/**
 * Loads every axis of a folder, one per file, in the order of the files' names.
 * @param folder the bundled ones unless given
 */
export function loadAxes(folder: string = join(packageRoot, 'atomics/variants')): {
  axes: Axis[];
  problems: Problem[];
  written: WrittenAxis[];
} {
  const { files, problems } = findFiles(folder, ['.yaml', '.yml']);
  const written: WrittenAxis[] = [];
  for (const { path, relativePath } of files) {
    const source = readSource(path);
    if (isProblem(source)) {
      problems.push(source);
      continue;
    }
    const parsed = parseYaml(source);
    problems.push(...parsed.problems);
    if (!parsed.yaml) continue;
    const { value: axis, problems: found } = checkSchema(axisSchema, parsed.yaml, parsed.yaml.value);
    problems.push(...found);
    if (!axis) continue;
    const name = relativePath.replace(/^.*\/|\.ya?ml$/g, '');
    if (axis.axis === name) written.push({ axis, yaml: parsed.yaml });
    else {
      problems.push(
        parsed.yaml.problem(['axis'], {
          code: 'axis/name',
          message: `expected the file's own name \`${name}\` as axis, got \`${axis.axis}\``,
        }),
      );
    }
  }
  return { axes: written.map(({ axis }) => axis), problems, written };
}

/** Whether a file below a folder of atomics means to be an axis. */
export const looksLikeAxisFile = ({ value }: YamlFile): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'axis');
