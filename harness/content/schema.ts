// A zod schema held against a value of a YAML file: every issue becomes a problem at its place.

import type { z } from 'zod';
import type { Problem } from '../model/errors.ts';
import { suggestion } from '../model/suggestion.ts';
import type { Path, YamlFile } from './yaml.ts';

/**
 * Validates the value that a path leads to.
 * @param path where `value` stands in the file
 * @returns the validated value, or null and the problems
 */
export function checkSchema<T>(
  schema: z.ZodType<T>,
  yaml: YamlFile,
  value: unknown,
  path: Path = [],
): { value: T | null; problems: Problem[] } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data, problems: [] };
  const problems = result.error.issues.flatMap((issue) =>
    issueProblems(yaml, path, issue, () => keysAt(schema, issue.path)),
  );
  return { value: null, problems };
}

function issueProblems(
  yaml: YamlFile,
  base: Path,
  issue: z.core.$ZodIssue,
  known: () => readonly string[],
): Problem[] {
  const path = [...base, ...issue.path];
  const code = `schema/${issue.code.replaceAll('_', '-')}`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        yaml.problemAtKey([...path, key], {
          code,
          message: `${named([...path, key])} is no known key`,
          ...hintFor(key, known()),
        }),
      );
    case 'invalid_key':
      return issue.issues.map(({ message }) =>
        yaml.problemAtKey(path, { code, message: `${named(path)} cannot be a key: ${message}` }),
      );
    case 'invalid_union':
      return [yaml.problem(path, { code, message: `${named(path)}: expected ${alternatives(issue)}` })];
    case 'invalid_type':
      return [
        yaml.problem(path, {
          code: valueAt(yaml.value, path) === undefined ? 'schema/missing' : code,
          message: `${named(path)}: ${typeMessage(yaml, path, issue.expected)}`,
        }),
      ];
    default:
      return [yaml.problem(path, { code, message: `${named(path)}: ${issue.message}` })];
  }
}

const hintFor = (key: string, known: readonly string[]): { hint?: string } =>
  known.length > 0 ? { hint: suggestion(key, known, 'Keys here') } : {};

/** The keys that a schema knows of the mapping which a path leads to. */
function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [step, ...rest] = path;
  switch (def.type) {
    case 'object': {
      if (step === undefined) return Object.keys(def.shape);
      const below = def.shape[String(step)];
      return below ? keysAt(below, rest) : [];
    }
    case 'record': {
      const { def: key } = (def.keyType as z.core.$ZodTypes)._zod;
      if (step !== undefined) return keysAt(def.valueType, rest);
      return key.type === 'enum' ? Object.values(key.entries).map(String) : [];
    }
    case 'array':
      return keysAt(def.element, rest);
    case 'union':
      return def.options.flatMap((option) => keysAt(option, path));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
      return keysAt(def.innerType, path);
    case 'pipe':
      return [...keysAt(def.in, path), ...keysAt(def.out, path)];
    default:
      return [];
  }
}

function typeMessage(yaml: YamlFile, path: Path, expected: string): string {
  const value = valueAt(yaml.value, path);
  const wanted = kindNames[expected] ?? expected;
  return value === undefined ? `missing, expected ${wanted}` : `expected ${wanted}, got ${kindOf(value)}`;
}

const alternatives = ({ errors }: z.core.$ZodIssueInvalidUnion): string =>
  [
    ...new Set(
      errors
        .flat()
        .map((issue) =>
          issue.code === 'invalid_type' ? (kindNames[issue.expected] ?? issue.expected) : issue.message,
        ),
    ),
  ].join(' or ');

/** YAML's words instead of JavaScript's. */
const kindNames: Readonly<Record<string, string>> = {
  string: 'text',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object'
    ? 'a mapping'
    : `${typeof value === 'string' ? 'text' : typeof value} ${JSON.stringify(value)}`;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.hasOwn(at, step) ? (at as Record<PropertyKey, unknown>)[step] : undefined;
  }
  return at;
}

/** `atomic_tests[2].executor.name`, in the form people search for. */
function named(path: Path): string {
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'the file' : `\`${text}\``;
}
