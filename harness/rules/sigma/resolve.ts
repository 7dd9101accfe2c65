// Makes rules of the documents of all files: filters are put into the rules that they narrow, correlations are
// bound to the rules that they correlate, wherever those stand.

import type { Rule } from '../rule.ts';
import type { DetectionDocument, FilterDocument, LogSource, SigmaDocument } from './ast.ts';
import { correlationRule } from './correlation-rule.ts';
import { detectionRule } from './detection-rule.ts';
import type { ReadDocument, SigmaFile } from './document.ts';
import { hasErrors } from './report.ts';
import type { SigmaOptions, SigmaRules, UnusableRule } from './result.ts';
import { directoryOf, type RuleDirectory } from './rule-directory.ts';

/**
 * Makes rules of everything that was read.
 * @param files all files of a rule set, in the order in which their rules are to be listed
 * @param options how field names are to be understood; what placeholders stand for
 * @returns what can be used, what cannot, and why; throws nothing
 */
export function resolveSigma(files: readonly SigmaFile[], options: SigmaOptions): SigmaRules {
  const read = files.flatMap(({ documents }) => documents);
  const directory = directoryOf(read);
  const filters = read.filter(isFilter);
  reportStrayFilters(filters, directory);
  const rules: Rule[] = [];
  const failed = new Set<SigmaDocument>();
  for (const { document, report } of read) {
    if (document.kind !== 'detection') continue;
    const narrowing = filters.filter((filter) => narrows(filter.document, document, directory));
    const rule = detectionRule(document, directory.idOf(document), narrowing, options, report);
    if (rule === undefined) failed.add(document);
    else rules.push(rule);
  }
  for (const { document, report } of read) {
    if (document.kind !== 'correlation') continue;
    const rule = correlationRule(document, directory, failed, options, report);
    if (rule === undefined) failed.add(document);
    else rules.push(rule);
  }
  const unusable = [...files.flatMap((file) => file.unusable), ...read.flatMap(unusableOf)];
  const problems = [...files.flatMap((file) => file.unusable), ...read.map(({ report }) => report)];
  return {
    rules: inOrderOf(read, rules, directory),
    unusable,
    problems: problems.flatMap((each) => each.problems),
  };
}

interface ReadFilter extends ReadDocument {
  readonly document: FilterDocument;
}

const isFilter = (read: ReadDocument): read is ReadFilter => read.document.kind === 'filter';

function narrows(filter: FilterDocument, rule: DetectionDocument, directory: RuleDirectory): boolean {
  if (!includes(filter.logsource, rule.logsource)) return false;
  return filter.rules === 'any' || filter.rules.some(({ to }) => directory.find(to) === rule);
}

/** A log source that says less is the wider one. */
const includes = (wider: LogSource, narrower: LogSource): boolean =>
  (['product', 'category', 'service'] as const).every(
    (key) => wider[key] === undefined || wider[key] === narrower[key],
  );

/** A filter for a rule that is not here is of no harm, but perhaps of no use. */
function reportStrayFilters(filters: readonly ReadFilter[], directory: RuleDirectory): void {
  for (const { document, report } of filters) {
    if (document.rules === 'any') continue;
    for (const { to, place } of document.rules) {
      const rule = directory.find(to);
      if (rule === undefined) {
        report.warning(
          'stray-filter',
          place,
          `no rule \`${to}\` is loaded; the filter does not apply to it`,
          directory.hintAbout(to),
        );
      } else if (rule.kind !== 'detection') {
        report.warning(
          'stray-filter',
          place,
          `\`${to}\` is a ${rule.kind}: filters apply to rules on single events`,
        );
      } else if (!includes(document.logsource, rule.logsource)) {
        report.warning(
          'stray-filter',
          place,
          `the log source of \`${to}\` is not the filter's; the filter does not apply to it`,
        );
      }
    }
  }
}

const unusableOf = ({ document: { header, source }, report }: ReadDocument): readonly UnusableRule[] =>
  hasErrors(report.problems)
    ? [
        {
          id: header.id ?? header.slug,
          title: header.title,
          file: source.file,
          problems: report.problems,
        },
      ]
    : [];

/** The order of the files, correlations among the rules that they stand between. */
function inOrderOf(
  read: readonly ReadDocument[],
  rules: readonly Rule[],
  directory: RuleDirectory,
): readonly Rule[] {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return read.flatMap(({ document }) => byId.get(directory.idOf(document)) ?? []);
}
