// Values for the placeholders of Sigma's `expand` modifier as a file: name → list of values.

import { resolve } from 'node:path';
import { ContentError, type Problem } from '../model/errors.ts';
import { isProblem, readSource } from './source.ts';
import { type Path, parseYaml, type YamlFile } from './yaml.ts';

/**
 * Reads the values that a YAML or JSON file gives to placeholders: one value or a list for each name, as they are
 * written (`007` stays `007`). A processing pipeline of pySigma does as well: its `vars` are taken.
 * @throws ContentError with every problem of the file, each at its place
 * @source pySigma, ProcessingPipeline: vars
 */
export function readPlaceholderFile(path: string): Record<string, string[]> {
  const source = readSource(resolve(path));
  if (isProblem(source)) throw new ContentError([source]);
  const { yaml, problems } = parseYaml(source);
  if (yaml === null) throw new ContentError(problems);
  const read = valuesIn(yaml);
  if (read.problems.length > 0) throw new ContentError(read.problems);
  return Object.fromEntries(read.values);
}

function valuesIn(yaml: YamlFile): { values: Map<string, string[]>; problems: Problem[] } {
  const values = new Map<string, string[]>();
  const problems: Problem[] = [];
  const base: Path = isMapping(yaml.value) && isMapping(yaml.value.vars) ? ['vars'] : [];
  const table = base.length > 0 && isMapping(yaml.value) ? yaml.value.vars : yaml.value;
  if (!isMapping(table) || Object.keys(table).length === 0) {
    const message = 'expected a mapping of placeholders to lists of values, such as `admins: [root, alice]`';
    return { values, problems: [yaml.problem(base, { code: 'placeholder/no-mapping', message })] };
  }
  for (const [key, value] of Object.entries(table)) {
    const [, name] = /^%?(\w+)%?$/.exec(key) ?? [];
    if (name === undefined) {
      problems.push(
        yaml.problemAtKey([...base, key], {
          code: 'placeholder/name',
          message: `expected a name of letters, digits and underscores, got \`${key}\``,
        }),
      );
    } else values.set(name, [...(values.get(name) ?? []), ...textsOf(yaml, [...base, key], value, problems)]);
  }
  return { values, problems };
}

function textsOf(yaml: YamlFile, path: Path, value: unknown, problems: Problem[]): string[] {
  const items = Array.isArray(value)
    ? value.map((item, index) => ({ item, at: [...path, index] }))
    : undefined;
  if (items?.length === 0) {
    problems.push(
      yaml.problem(path, { code: 'placeholder/no-values', message: 'expected at least one value' }),
    );
  }
  return (items ?? [{ item: value, at: path }]).flatMap(({ item, at }) => {
    if (typeof item === 'string') return [item];
    const written = item === null || typeof item === 'object' ? undefined : yaml.written(at);
    if (written !== undefined) return [written];
    const found = item === null ? 'nothing' : Array.isArray(item) ? 'a list' : 'a mapping';
    problems.push(
      yaml.problem(at, { code: 'placeholder/value', message: `expected a text or a number, got ${found}` }),
    );
    return [];
  });
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
