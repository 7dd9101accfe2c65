// Texts of rule files → rules, whatever language they are in; one bad file hides no other.

import type { Problem } from '../model/errors.ts';
import { parseElasticExport, parseElasticToml, parseEql } from './eql/index.ts';
import type { Rule } from './rule.ts';
import { readSigmaFile, resolveSigma, type SigmaOptions } from './sigma/index.ts';

export interface RuleText {
  /** Path as the user gave it; its ending tells the language. */
  readonly file: string;
  readonly text: string;
}

export interface LoadedRules {
  /** In the order of the texts: Sigma, then EQL. */
  readonly rules: readonly Rule[];
  readonly unusable: readonly UnusableRule[];
  /** Everything that was found, warnings and the problems of unusable rules included. */
  readonly problems: readonly Problem[];
}

/** A rule that is refused, by what is known of it. */
export interface UnusableRule {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly language: Rule['language'];
  readonly file: string;
  readonly problems: readonly Problem[];
}

/**
 * Reads rule files: Sigma `.yml` and `.yaml` (correlations and filters find their rules in all files given),
 * Elastic's `.toml`, Kibana's exports `.ndjson` and `.json`, bare EQL queries `.eql`.
 * @param texts any number of files; one of another ending is a problem
 * @param options ECS field names unless told otherwise; values for Sigma's placeholders
 * @returns what can be used, what cannot, and why; throws nothing
 */
export function loadRules(
  texts: readonly RuleText[],
  options: SigmaOptions = { fields: 'ecs' },
): LoadedRules {
  const languages = Map.groupBy(texts, ({ file }) => languageOf(file));
  const sigmaFiles = (languages.get('sigma') ?? []).map(({ file, text }) => readSigmaFile(file, text));
  const sigma = resolveSigma(sigmaFiles, options);
  const parts: LoadedRules[] = [
    {
      ...sigma,
      unusable: sigma.unusable.map((rule) => ({ ...rule, slug: slugOf(rule.file), language: 'sigma' })),
    },
    ...(languages.get('elastic') ?? []).map(({ file, text }) =>
      ofElastic(file, [parseElasticToml(file, text)]),
    ),
    ...(languages.get('export') ?? []).map(({ file, text }) =>
      ofElastic(file, parseElasticExport(file, text)),
    ),
    ...(languages.get('eql') ?? []).map(({ file, text }) => ofOneFile(file, parseEql(file, text))),
    ...(languages.get('unknown') ?? []).map(({ file }) => ({
      rules: [],
      unusable: [],
      problems: [unknownEnding(file)],
    })),
  ];
  return {
    rules: parts.flatMap(({ rules }) => rules),
    unusable: parts.flatMap(({ unusable }) => unusable),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

type RuleLanguage = 'sigma' | 'elastic' | 'export' | 'eql' | 'unknown';

function languageOf(file: string): RuleLanguage {
  if (/\.ya?ml$/i.test(file)) return 'sigma';
  if (/\.toml$/i.test(file)) return 'elastic';
  if (/\.(nd)?json$/i.test(file)) return 'export';
  return /\.eql$/i.test(file) ? 'eql' : 'unknown';
}

function ofElastic(file: string, read: ReturnType<typeof parseElasticExport>): LoadedRules {
  return {
    rules: read.flatMap(({ rule }) => rule ?? []),
    unusable: read
      .filter(({ rule }) => rule === undefined)
      .map(({ id, slug, title, problems }) => ({ id, slug, title, language: 'eql', file, problems })),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** A file of one rule: with an error and no rule, it is that rule that cannot be used. */
function ofOneFile(
  file: string,
  { rules, problems }: { readonly rules: readonly Rule[]; readonly problems: readonly Problem[] },
): LoadedRules {
  if (rules.length > 0 || problems.every(({ severity }) => severity !== 'error')) {
    return { rules, unusable: [], problems };
  }
  const slug = slugOf(file);
  return { rules, unusable: [{ id: slug, slug, title: slug, language: 'eql', file, problems }], problems };
}

/** The file's name without folders and ending. */
const slugOf = (file: string): string => (file.split(/[\\/]/).at(-1) ?? file).replace(/\.[^.]+$/, '');

const unknownEnding = (file: string): Problem => ({
  code: 'rules/unknown-ending',
  message:
    'not a rule file: expected .yml or .yaml (Sigma), .toml or .ndjson (Elastic), or .eql (a bare EQL query)',
  place: { file, line: 1, column: 1 },
  severity: 'error',
});
