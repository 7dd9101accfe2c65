// containers/mitigations/*.yaml → the mitigations that a run can apply.

import { join } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { type WrittenMitigation, writtenMitigationSchema } from '../model/mitigation.ts';
import { packageRoot } from '../model/package-root.ts';
import { findFiles } from './folder.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

export interface ParsedMitigation {
  mitigation: WrittenMitigation;
  yaml: YamlFile;
}

/**
 * Loads every mitigation of a folder, one per file.
 * @param folder the bundled ones unless given
 */
export function loadMitigations(folder: string = join(packageRoot, 'containers/mitigations')): {
  mitigations: WrittenMitigation[];
  problems: Problem[];
  written: ParsedMitigation[];
} {
  const found = findFiles(folder, ['.yaml', '.yml']);
  const problems = found.problems;
  const byId = new Map<string, ParsedMitigation>();
  for (const { path, relativePath } of found.files) {
    const source = readSource(path);
    if (isProblem(source)) {
      problems.push(source);
      continue;
    }
    const parsed = parseYaml(source);
    problems.push(...parsed.problems);
    if (!parsed.yaml) continue;
    const checked = checkSchema(writtenMitigationSchema, parsed.yaml, parsed.yaml.value);
    problems.push(...checked.problems);
    if (!checked.value) continue;
    const name = relativePath.replace(/^.*\/|\.ya?ml$/g, '');
    const problem = idProblem(checked.value.id, name, byId);
    if (problem) problems.push(parsed.yaml.problem(['id'], problem));
    else byId.set(checked.value.id, { mitigation: checked.value, yaml: parsed.yaml });
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
