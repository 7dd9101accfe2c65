// Elastic's rule files: `[rule]` with an EQL query in TOML, as elastic/detection-rules and elastic/protections-artifacts
// keep them.

import { parse as parseToml, TomlError } from 'smol-toml';
import type { Problem } from '../../../model/errors.ts';
import { excerptOf, type ProblemText, problemIn, type Source, sourceOf } from '../../../model/source.ts';
import type { Predicate } from '../../predicate.ts';
import type { Rule } from '../../rule.ts';
import { eqlProblem } from '../problem.ts';
import { compileQuery, slugOf } from '../query-file.ts';
import { lowerExceptions } from './exceptions.ts';
import { lowerFilters } from './query-dsl.ts';
import { type ElasticRule, ruleFileSchema } from './schema.ts';
import { mapToml, stringOffsets, type TomlMap } from './toml-map.ts';

/** A rule with its warnings, or the problems that stand in its way with what is known of the rule. */
export interface ReadRule {
  readonly rule?: Rule;
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly problems: readonly Problem[];
}

/** Where a rule was found. */
export interface RuleDocument {
  readonly source: Source;
  readonly slug: string;
  /** Where its parts stand. */
  readonly map: TomlMap;
}

/**
 * Reads a rule file of Elastic's detection-rules, or of Elastic Defend's protections-artifacts.
 * Gives its rule, or the problems that stand in its way; places inside of the query are places in the file. Rules in
 * other languages (KQL, ES|QL, threshold, machine learning…) are refused by name.
 */
export function parseElasticToml(file: string, text: string): ReadRule {
  const source = sourceOf(file, text);
  const slug = slugOf(file);
  const parsed = readToml(source);
  if ('problem' in parsed) return { id: slug, slug, title: slug, problems: [parsed.problem] };
  return readRuleFile({ source, slug, map: mapToml(text) }, parsed.toml);
}

/** Reads what a rule file says once it is parsed. */
export function readRuleFile(document: RuleDocument, content: unknown): ReadRule {
  const { slug } = document;
  const shape = ruleFileSchema.safeParse(content);
  if (!shape.success) {
    const problems = shape.error.issues.map(({ path, message }) =>
      problemAtPath(document, path.map(String).join('.'), {
        code: 'rule-file',
        message: `${path.join('.')}: ${message}`,
      }),
    );
    return { id: slug, slug, title: slug, problems };
  }
  const { rule, threat = [], exceptions = [] } = shape.data;
  const read = readRule(
    document,
    { threat, ...rule },
    exceptions.flatMap(({ items = [] }) => items),
  );
  return { id: rule.rule_id ?? rule.id ?? slug, slug, title: rule.name, ...read };
}

function readToml(source: Source): { readonly toml: unknown } | { readonly problem: Problem } {
  try {
    return { toml: parseToml(source.text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const place = { file: source.file, line: error.line, column: error.column };
    const message = `expected TOML: ${error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '')}`;
    return { problem: problemIn(source, place, { code: 'eql/toml', message }) };
  }
}

function readRule(
  document: RuleDocument,
  rule: ElasticRule,
  exceptions: readonly unknown[],
): Pick<ReadRule, 'rule' | 'problems'> {
  const refusal = languageProblem(rule);
  if (refusal) return { problems: [problemAtPath(document, 'rule.type', refusal)] };
  const { query } = rule;
  if (query === undefined) {
    const missing = { code: 'rule-file', message: 'expected a `query` in the rule' };
    return { problems: [problemAtPath(document, 'rule', missing)] };
  }
  const everyEvent = lowerNarrowing(document, rule, exceptions);
  if ('problem' in everyEvent) return { problems: [everyEvent.problem] };
  const { lowered, problems } = compileQuery(querySource(document, query), {
    ...(rule.event_category_override !== undefined && { categoryField: rule.event_category_override }),
    ...(everyEvent.predicate && { everyEvent: everyEvent.predicate }),
  });
  if (lowered === undefined) return { problems };
  const described: Rule = { ...describe(document, rule), ...lowered };
  return { rule: described, problems: [...problems, ...warnings(document, rule)] };
}

const describe = (
  { source: { file }, slug }: RuleDocument,
  rule: ElasticRule,
): Omit<Rule, 'query' | 'source'> => ({
  id: rule.rule_id ?? rule.id ?? slug,
  slug,
  title: rule.name,
  ...(rule.description !== undefined && { description: rule.description.trim() }),
  language: 'eql',
  file,
  ...(rule.severity !== undefined && { level: rule.severity }),
  techniques: techniquesOf(rule),
  falsePositives: (rule.false_positives ?? []).map((text) => text.trim()),
});

/** Technique and sub-technique ids, each once, in the order of the file. */
function techniquesOf({ threat = [] }: ElasticRule): readonly string[] {
  const ids = threat.flatMap(({ technique = [] }) =>
    technique.flatMap(({ id, subtechnique = [] }) => [id, ...subtechnique.map((sub) => sub.id)]),
  );
  return [...new Set(ids.map((id) => id.toUpperCase()))];
}

/** The rule's filters and exceptions as one condition on every event. */
function lowerNarrowing(
  document: RuleDocument,
  rule: ElasticRule,
  exceptions: readonly unknown[],
): { readonly predicate?: Predicate } | { readonly problem: Problem } {
  const parts: Predicate[] = [];
  for (const [path, items, lower] of [
    ['rule.filters', rule.filters ?? [], lowerFilters],
    ['exceptions', exceptions, lowerExceptions],
  ] as const) {
    if (items.length === 0) continue;
    const condition = lower(items, document.source.place(offsetOfPath(document, path)));
    if ('code' in condition) return { problem: problemAtPath(document, path, condition) };
    parts.push(condition);
  }
  const [first] = parts;
  if (first === undefined) return {};
  return { predicate: parts.length === 1 ? first : { kind: 'and', of: parts, place: first.place } };
}

/** What else a rule's file can hold instead of EQL, and why it is not read here. */
function languageProblem({ type, language }: ElasticRule): ProblemText | undefined {
  if (type === 'eql' && (language ?? 'eql') === 'eql') return undefined;
  const reason = typeReasons[type] ?? `rules of type \`${type}\` are not supported`;
  const spoken = language === undefined || language === 'eql' ? '' : ` (language \`${language}\`)`;
  return {
    code: 'rule-type',
    message: `expected a rule of type \`eql\`: ${reason}${spoken}`,
    hint: 'Only single events, sequences and samples in EQL are judged.',
  };
}

const typeReasons: Readonly<Record<string, string>> = {
  eql: 'the rule is of that type, but in another language',
  query: 'the type `query` holds a KQL or Lucene query',
  saved_query: 'the type `saved_query` refers to a query that is not in the file',
  threshold: 'the type `threshold` counts the results of a KQL query',
  machine_learning: 'the type `machine_learning` needs the anomalies of a trained job',
  threat_match: 'the type `threat_match` joins events with an index of indicators',
  new_terms: 'the type `new_terms` compares a KQL query with its own history',
  esql: 'the type `esql` holds an ES|QL query',
};

function warnings(document: RuleDocument, rule: ElasticRule): Problem[] {
  const found: Problem[] = [];
  if ((rule.exceptions_list ?? []).length > 0) {
    const problem = {
      code: 'exception-list',
      message: 'the rule names exception lists, which are not in this file: nothing is excepted',
    };
    found.push({ ...problemAtPath(document, 'rule.exceptions_list', problem), severity: 'warning' });
  }
  if ((rule.timestamp_field ?? '@timestamp') !== '@timestamp') {
    const problem = {
      code: 'timestamp-field',
      message: 'expected `@timestamp`: events are ordered by that field',
    };
    found.push({ ...problemAtPath(document, 'rule.timestamp_field', problem), severity: 'warning' });
  }
  return found;
}

/** The query with the place of each character; as a whole at its beginning where the places cannot be told. */
function querySource({ source, map }: RuleDocument, query: string): Source {
  const start = map.values.get('rule.query') ?? 0;
  const mapped = stringOffsets(source.text, start);
  const offsets = mapped?.value === query ? mapped.offsets : Array<number>(query.length + 1).fill(start);
  return excerptOf(source, query, offsets);
}

const problemAtPath = (document: RuleDocument, path: string, problem: ProblemText): Problem =>
  eqlProblem(document.source, offsetOfPath(document, path), problem);

/** The place of a key, else of the closest table around it. */
function offsetOfPath({ map }: RuleDocument, path: string): number {
  for (let part = path; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
    const offset = map.values.get(part) ?? map.tables.get(part);
    if (offset !== undefined) return offset;
  }
  return 0;
}
