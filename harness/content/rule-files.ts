// Folders and files → the texts of detection rules; what they mean is for harness/rules.

import { join, resolve, sep } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import type { Source } from '../model/source.ts';
import { findFiles } from './folder.ts';
import { isProblem, readSource, shownPath } from './source.ts';

const endings = ['.yml', '.yaml', '.toml', '.eql', '.ndjson', '.json'];
/** Sigma rules are also shipped as one file with all of them in it. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Reads the rules of this package, and of the paths given: Sigma `.yml`, Elastic `.toml` and
 * exported `.json` or `.ndjson`, bare EQL `.eql`.
 * @returns one source per file; a file that cannot be read is a problem and hides no other
 */
export function loadRuleFiles(request: { bundled: boolean; foreign: readonly string[] }): {
  sources: Source[];
  problems: Problem[];
} {
  const bundled = runFolders.map((folder) => join(packageRoot, 'detections', folder));
  const sources = new Map<string, Source>();
  const problems: Problem[] = [];
  for (const given of [...(request.bundled ? bundled : []), ...request.foreign]) {
    const found = ruleFilesBelow(given);
    problems.push(...found.problems);
    if (found.files.length === 0 && found.problems.length === 0) problems.push(noRule(given));
    for (const { path, named } of found.files) {
      const source = sources.has(path) ? null : readSource(path, maxBytes);
      if (source && isProblem(source)) problems.push(source);
      else if (source && !named && isOtherJson(source)) problems.push(ignored(source));
      else if (source) sources.set(path, source);
    }
  }
  return { sources: [...sources.values()], problems };
}

/** Where this package keeps the rules that runs are judged by. */
const runFolders = ['sigma', 'eql'];

/**
 * The files of a path; of this package's own folder, when all of it is named, those that runs are judged by: beside them lie
 * rules that are replayed, their events, and what is said of rules.
 */
function ruleFilesBelow(given: string): ReturnType<typeof findFiles> {
  const found = findFiles(given, endings);
  const own = join(packageRoot, 'detections') + sep;
  const isWhole = own.startsWith(resolve(given) + sep);
  const isAside = (path: string): boolean =>
    path.startsWith(own) && !runFolders.some((folder) => path.startsWith(own + folder + sep));
  return isWhole ? { ...found, files: found.files.filter(({ path }) => !isAside(path)) } : found;
}

/** JSON of any kind lies in folders: what has no query and no type of rule is none of Elastic's exports. */
const isOtherJson = ({ file, text }: Source): boolean =>
  /\.(nd)?json$/i.test(file) && !(/"(?:rule_id|query)"\s*:/.test(text) && /"type"\s*:/.test(text));

const ignored = ({ file }: Source): Problem => ({
  code: 'rule/ignored',
  message: 'no export of rules (no `rule_id` or `query`, no `type`): ignored',
  place: { file, line: 1, column: 1 },
  severity: 'warning',
});

/** Judging by no rule would find nothing wrong with anything. */
const noRule = (given: string): Problem => ({
  code: 'rule/none',
  message: `no rule was found here: expected files that end in ${endings.join(', ')}`,
  place: { file: shownPath(given), line: 1, column: 1 },
  severity: 'error',
});
