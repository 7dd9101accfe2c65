// atomics/variants/*.yaml → the axes along which atomics can be varied.

import { join } from 'node:path';
import { type Axis, axisSchema } from '../model/axis.ts';
import type { Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import { loadChecked, nameOfFile } from './checked-yaml.ts';
import { findFiles } from './folder.ts';
import type { YamlFile } from './yaml.ts';

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
    const { value: axis, yaml, problems: found } = loadChecked(path, axisSchema);
    problems.push(...found);
    if (!axis || !yaml) continue;
    const name = nameOfFile(relativePath);
    if (axis.axis === name) written.push({ axis, yaml });
    else {
      problems.push(
        yaml.problem(['axis'], {
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
