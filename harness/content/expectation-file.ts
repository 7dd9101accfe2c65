// One file of expectations: GUID → what the atomic must do. Each entry is checked on its own.

import { z } from 'zod';
import type { Problem } from '../model/errors.ts';
import { type WrittenExpectation, writtenExpectationSchema } from '../model/expectation.ts';
import { checkSchema } from './schema.ts';
import type { YamlFile } from './yaml.ts';

export interface ParsedExpectation {
  guid: string;
  expectation: WrittenExpectation;
  yaml: YamlFile;
  /** The entry's key as written: its first step in the file. */
  key: string;
  /** Made for atomics that are not bundled: `expectations.<source>.yaml`. */
  forForeign: boolean;
}

/** `expectations.yaml` for the atomics beside it, `expectations.<source>.yaml` for those of another project. */
export const isExpectationFile = (name: string): boolean => /^expectations(\.[\w-]+)*\.ya?ml$/i.test(name);

const guidSchema = z.guid();

/**
 * Reads one file of expectations.
 * @param name the file's own name, which says whom it is for
 */
export function parseExpectationFile(
  yaml: YamlFile,
  name: string,
): { expectations: ParsedExpectation[]; problems: Problem[] } {
  const table = checkSchema(z.record(z.string(), z.unknown()), yaml, yaml.value ?? {});
  const problems = table.problems;
  const expectations: ParsedExpectation[] = [];
  const forForeign = !/^expectations\.ya?ml$/i.test(name);
  for (const [key, entry] of Object.entries(table.value ?? {})) {
    if (!guidSchema.safeParse(key).success) {
      problems.push(
        yaml.problemAtKey([key], {
          code: 'expectation/key',
          message: `expected the GUID of an atomic, got \`${key}\``,
        }),
      );
      continue;
    }
    const checked = checkSchema(writtenExpectationSchema, yaml, entry, [key]);
    problems.push(...checked.problems);
    if (checked.value) {
      expectations.push({ guid: key.toLowerCase(), expectation: checked.value, yaml, key, forForeign });
    }
  }
  return { expectations, problems };
}
