// containers/mitigations/*.yaml → the mitigations that a run can apply.

import { join } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { type WrittenMitigation, writtenMitigationSchema } from '../model/mitigation.ts';
import { packageRoot } from '../model/package-root.ts';
import { loadChecked, nameOfFile } from './checked-yaml.ts';
import { findFiles } from './folder.ts';
import { unusableParts } from './mitigation-parts.ts';
import type { YamlFile } from './yaml.ts';

export interface ParsedMitigation {
  mitigation: WrittenMitigation;
  yaml: YamlFile;
}

export interface LoadedMitigations {
  mitigations: WrittenMitigation[];
  problems: Problem[];
  written: ParsedMitigation[];
}

/**
 * Loads every mitigation of a folder, one per file.
 * @param folder or a file; the bundled ones unless given
 */
export function loadMitigations(
  folder: string = join(packageRoot, 'containers/mitigations'),
): LoadedMitigations {
  const found = findFiles(folder, ['.yaml', '.yml']);
  const problems = found.problems;
  const byId = new Map<string, ParsedMitigation>();
  for (const { path, relativePath } of found.files) {
    const { value: mitigation, yaml, problems: found } = loadChecked(path, writtenMitigationSchema);
    problems.push(...found);
    if (!mitigation || !yaml) continue;
    const unusable = unusableParts(mitigation, yaml);
    problems.push(...unusable);
    if (unusable.length > 0) continue;
    const problem = idProblem(mitigation.id, nameOfFile(relativePath), byId);
    if (problem) problems.push(yaml.problem(['id'], problem));
    else byId.set(mitigation.id, { mitigation, yaml });
  }
  const written = [...byId.values()];
  return { mitigations: written.map(({ mitigation }) => mitigation), problems, written };
}

/** `+` joins it to a case id and the file name is how people look for it, so both must agree. */
function idProblem(id: string, fileName: string, known: ReadonlyMap<string, ParsedMitigation>) {
  if (known.has(id)) {
    return {
      code: 'mitigation/duplicate-id',
      message: `${id} is the id of ${known.get(id)?.yaml.source.file} already`,
    };
  }
  if (id === fileName) return null;
  return {
    code: 'mitigation/id',
    message: `expected the file's own name \`${fileName}\` as id, got \`${id}\``,
  };
}
