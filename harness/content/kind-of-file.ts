// Which kind of content a file holds, for lists of files that hold several: a commit's, an editor's.

import { readFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { packageRoot } from '../model/package-root.ts';

export interface SortedFiles {
  readonly rules: readonly string[];
  readonly atomics: readonly string[];
  readonly mitigations: readonly string[];
  /** YAML and JSON of other kinds, of which there is nothing to say; and this package's own, which is looked at anyway. */
  readonly others: readonly string[];
}

/** @param files what cannot be read is taken for a rule: whoever reads rules says why it cannot be. */
export function sortFiles(files: readonly string[]): SortedFiles {
  const { rules = [], atomics = [], mitigations = [], others = [] } = Object.groupBy(files, kindOf);
  return { rules, atomics, mitigations, others };
}

function kindOf(file: string): keyof SortedFiles {
  if (resolve(file).startsWith(packageRoot + sep)) return 'others';
  if (/\.(?:toml|eql)$/i.test(file)) return 'rules';
  const text = textOf(file);
  if (text === null) return 'rules';
  if (/\.(?:nd)?json$/i.test(file)) return /"(?:rule_id|query)"\s*:/.test(text) ? 'rules' : 'others';
  // All are mappings whose keys of the first level say what they are.
  if (/^["']?atomic_tests["']?\s*:/m.test(text)) return 'atomics';
  if (isMitigation(text)) return 'mitigations';
  return /^["']?(?:detection|logsource|correlation)["']?\s*:/m.test(text) ? 'rules' : 'others';
}

const isMitigation = (text: string): boolean =>
  /^["']?legitimate["']?\s*:/m.test(text) && /^["']?(?:attack|stops)["']?\s*:/m.test(text);

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
