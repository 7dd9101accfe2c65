// A YAML file held against a schema, in one step: what most content is read by.

import type { z } from 'zod';
import type { Problem } from '../model/errors.ts';
import type { Source } from '../model/source.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

export interface CheckedYaml<Value> {
  /** null where the file is not what the schema asks for. */
  readonly value: Value | null;
  /** null where it cannot be read or is no YAML. */
  readonly yaml: YamlFile | null;
  readonly problems: Problem[];
}

/** Reads a file, parses it and validates what it holds; an empty one is null to the schema. */
export function loadChecked<Value>(path: string, schema: z.ZodType<Value>): CheckedYaml<Value> {
  const source = readSource(path);
  return isProblem(source) ? { value: null, yaml: null, problems: [source] } : parseChecked(source, schema);
}

/** The same from text. */
export function parseChecked<Value>(source: Source, schema: z.ZodType<Value>): CheckedYaml<Value> {
  const { yaml, problems } = parseYaml(source);
  if (!yaml) return { value: null, yaml, problems };
  const checked = checkSchema(schema, yaml, yaml.value);
  return { value: checked.value, yaml, problems: [...problems, ...checked.problems] };
}

/** What a file is called, without its folder and its ending: the id of what it holds. */
export const nameOfFile = (path: string): string => path.replace(/^.*\/|\.ya?ml$/g, '');
