// Rules for telemetry that no target here gives, and the recorded events that they are held against instead of runs.

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Problem } from '../model/errors.ts';
import { packageRoot } from '../model/package-root.ts';
import type { Source } from '../model/source.ts';
import { type LoadedRules, loadRules } from '../rules/index.ts';
import { findFiles } from './folder.ts';
import { isProblem, readSource } from './source.ts';

/** Rules that are replayed and never executed; their events carry Sigma's field names. */
export interface ReplayedRules {
  readonly rules: LoadedRules;
  readonly sources: readonly Source[];
  readonly samples: readonly RuleSamples[];
  /** Of files that cannot be read, and of rules that cannot be used. */
  readonly problems: readonly Problem[];
}

/** What is recorded for one rule, an event per line. */
export interface RuleSamples {
  /** The rule's name, which is that of the folder. */
  readonly slug: string;
  /** Events on each of which the rule must match, alone or with those beside it. */
  readonly hits: Source | undefined;
  /** Events that come close, and on none of which it may match. */
  readonly misses: Source | undefined;
}

/**
 * Reads `windows/*.yml` and `samples/<rule>/hits.ndjson` and `misses.ndjson`.
 * @param folder where both are; that of this package unless given
 */
export function loadReplayedRules(folder: string = join(packageRoot, 'detections')): ReplayedRules {
  const unread: Problem[] = [];
  const texts = (below: string, ending: string): Source[] => {
    if (!existsSync(join(folder, below))) return [];
    const { files, problems } = findFiles(join(folder, below), [ending]);
    unread.push(...problems);
    const found = files.map(({ path }) => readSource(path));
    unread.push(...found.filter(isProblem));
    return found.filter((source): source is Source => !isProblem(source));
  };
  const sources = texts('windows', '.yml');
  const samples = Map.groupBy(texts('samples', '.ndjson'), ({ file }) => basename(dirname(file)));
  const named = (files: readonly Source[], name: string): Source | undefined =>
    files.find(({ file }) => basename(file) === name);
  const rules = loadRules(sources, { fields: 'sigma' });
  return {
    rules,
    sources,
    samples: [...samples].map(([slug, files]) => ({
      slug,
      hits: named(files, 'hits.ndjson'),
      misses: named(files, 'misses.ndjson'),
    })),
    problems: [...unread, ...rules.problems],
  };
}
