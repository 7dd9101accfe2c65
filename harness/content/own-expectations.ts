// What a user expects of atomics that are not theirs: a file beside their rules, so that no atomic has to be copied.

import { resolve } from 'node:path';
import { z } from 'zod';
import { ContentError, type Problem } from '../model/errors.ts';
import { type Difference, differenceSchema } from '../model/expectation.ts';
import { suggestion } from '../model/suggestion.ts';
import { checkSchema } from './schema.ts';
import { isProblem, readSource } from './source.ts';
import { parseYaml, type YamlFile } from './yaml.ts';

/** An atomic, by the names that an entry may have. */
interface Named {
  readonly guid: string;
  readonly slug: string;
}

interface Entry {
  readonly own: Difference;
  readonly key: string;
  readonly yaml: YamlFile;
}

/** Files of expectations: the slug or the GUID of an atomic → what is expected of it instead of what is bundled. */
export class OwnExpectations {
  readonly #entries: readonly Entry[];

  /**
   * Reads the files; of two entries for one atomic the later wins.
   * @param rules slugs of the rules that are judged: no other can be expected to fire
   * @throws ContentError with every problem, each at its place
   */
  constructor(paths: readonly string[], rules: ReadonlySet<string>) {
    const files = paths.map((path) => readFile(path, rules));
    const problems = files.flatMap((file) => file.problems);
    if (problems.length > 0) throw new ContentError(problems);
    this.#entries = files.flatMap(({ entries }) => entries);
  }

  /** What is expected of an atomic otherwise; undefined where no entry names it. */
  of(atomic: Named): Difference | undefined {
    return this.#entries.findLast(({ key }) => isOf(key, atomic))?.own;
  }

  /** A problem for each entry that names none of these atomics. */
  strays(atomics: readonly Named[], severity: Problem['severity']): Problem[] {
    const slugs = [...new Set(atomics.map(({ slug }) => slug))];
    return this.#entries
      .filter(({ key }) => !atomics.some((atomic) => isOf(key, atomic)))
      .map(({ yaml, key }) =>
        yaml.problemAtKey([key], {
          code: 'expectation/unknown-atomic',
          message: `there is no atomic ${key} here`,
          hint: suggestion(key, slugs, 'Atomics'),
          severity,
        }),
      );
  }
}

const isOf = (key: string, { guid, slug }: Named): boolean =>
  [guid.toLowerCase(), slug].includes(key.toLowerCase());

function readFile(path: string, rules: ReadonlySet<string>): { entries: Entry[]; problems: Problem[] } {
  const source = readSource(resolve(path));
  if (isProblem(source)) return { entries: [], problems: [source] };
  const { yaml, problems } = parseYaml(source);
  if (yaml === null) return { entries: [], problems };
  const table = checkSchema(z.record(z.string(), z.unknown()), yaml, yaml.value ?? {});
  const entries: Entry[] = [];
  const found = [...table.problems];
  for (const [key, entry] of Object.entries(table.value ?? {})) {
    const checked = checkSchema(differenceSchema, yaml, entry, [key]);
    found.push(...checked.problems);
    if (!checked.value) continue;
    found.push(...unknownRules(yaml, key, checked.value, rules));
    entries.push({ own: checked.value, key, yaml });
  }
  return { entries, problems: found };
}

/** A mistyped rule would be expected of nobody, and its silence would fail nothing. */
function unknownRules(
  yaml: YamlFile,
  key: string,
  { detects = [], evades = [] }: Difference,
  rules: ReadonlySet<string>,
): Problem[] {
  const named = [
    ...detects.map((rule, at) => ({ rule, path: [key, 'detects', at] })),
    ...evades.map(({ rule }, at) => ({ rule, path: [key, 'evades', at, 'rule'] })),
  ];
  return named
    .filter(({ rule }) => !rules.has(rule))
    .map(({ rule, path }) =>
      yaml.problem(path, {
        code: 'expectation/unknown-rule',
        message: `there is no rule ${rule} among those that are judged`,
        hint: suggestion(rule, [...rules], 'Rules'),
      }),
    );
}
