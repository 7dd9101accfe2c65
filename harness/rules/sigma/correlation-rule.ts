// Makes a rule of a document that correlates the matches of others.

import type { CorrelationQuery, Rule, RuleExpression } from '../rule.ts';
import type { CorrelationDocument, DetectionDocument, LogSource, Reference, SigmaDocument } from './ast.ts';
import { describeRule, nameOf, namesFor } from './detection-rule.ts';
import type { Report } from './report.ts';
import type { SigmaOptions } from './result.ts';
import type { RuleDirectory } from './rule-directory.ts';

/** Gives undefined after reporting when a rule that it needs is missing, unusable or depends on itself. */
export function correlationRule(
  document: CorrelationDocument,
  directory: RuleDirectory,
  failed: ReadonlySet<SigmaDocument>,
  options: SigmaOptions,
  report: Report,
): Rule | undefined {
  const { correlation } = document;
  const correlated = referredTo(correlation.rules, directory, report);
  if (correlated === undefined) return undefined;
  const all = reachableFrom(correlated, directory);
  const unusable = all.find((each) => failed.has(each) || each.kind === 'filter');
  if (all.includes(document)) {
    return report.error(
      'correlation-cycle',
      correlation.place,
      'the correlation refers to itself, directly or through others',
    );
  }
  if (unusable !== undefined) {
    const reason = unusable.kind === 'filter' ? 'is a filter' : `of ${unusable.source.file} can't be used`;
    return report.error(
      'reference',
      correlation.place,
      `the correlated rule \`${directory.idOf(unusable)}\` ${reason}`,
    );
  }
  const aliases = aliasesOf(document, correlated, directory, options, report);
  if (aliases === undefined) return undefined;
  const ids = correlated.map((each) => directory.idOf(each));
  const idOf = new Map(correlation.rules.map(({ to }, index) => [to, ids[index] ?? to]));
  const query: CorrelationQuery = {
    kind: 'correlation',
    type: correlation.type,
    rules: ids,
    ...(correlation.expression === undefined ? {} : { expression: withIds(correlation.expression, idOf) }),
    groupBy: correlation.groupBy,
    timespanMs: correlation.timespanMs,
    aliases,
    ...(correlation.condition === undefined ? {} : { condition: correlation.condition }),
    generate: correlation.generate,
    place: correlation.place,
  };
  const sources = all.filter((each) => each.kind === 'detection').map(({ logsource }) => logsource);
  return {
    ...describeRule(document, directory.idOf(document)),
    source: { kind: 'logsource', ...commonOf(sources) },
    query,
  };
}

function withIds(expression: RuleExpression, idOf: ReadonlyMap<string, string>): RuleExpression {
  switch (expression.kind) {
    case 'rule':
      return { kind: 'rule', id: idOf.get(expression.id) ?? expression.id };
    case 'not':
      return { kind: 'not', of: withIds(expression.of, idOf) };
    case 'and':
    case 'or':
      return { kind: expression.kind, of: expression.of.map((part) => withIds(part, idOf)) };
  }
}

function referredTo(
  references: readonly Reference[],
  directory: RuleDirectory,
  report: Report,
): readonly SigmaDocument[] | undefined {
  const documents: SigmaDocument[] = [];
  for (const { to, place } of references) {
    const found = directory.find(to);
    if (found === undefined) {
      const message = `no rule with the id or name \`${to}\` is loaded`;
      return report.error('reference', place, message, directory.hintAbout(to));
    }
    documents.push(found);
  }
  return documents;
}

/** The documents and all that they refer to in turn; references that lead nowhere are their owners' matter. */
function reachableFrom(
  documents: readonly SigmaDocument[],
  directory: RuleDirectory,
): readonly SigmaDocument[] {
  const reached = new Set(documents);
  for (const document of reached) {
    if (document.kind !== 'correlation') continue;
    for (const { to } of document.correlation.rules) {
      const next = directory.find(to);
      if (next !== undefined) reached.add(next);
    }
  }
  return [...reached];
}

/**
 * Where each correlated rule's events have a field that the correlation names: by alias, else by what the name
 * means in the rule's log source. Where that is the name itself, there is no entry.
 */
function aliasesOf(
  { correlation, header }: CorrelationDocument,
  correlated: readonly SigmaDocument[],
  directory: RuleDirectory,
  options: SigmaOptions,
  report: Report,
): CorrelationQuery['aliases'] | undefined {
  const names = new Set([...correlation.groupBy, ...(correlation.condition?.field ?? [])]);
  const aliases = new Map<string, Readonly<Record<string, string>>>();
  for (const alias of correlation.aliases.keys()) names.add(alias);
  for (const name of names) {
    const fields = new Map<string, string>();
    for (const { rule, field } of correlation.aliases.get(name) ?? []) {
      const found = directory.find(rule.to);
      if (found === undefined || !correlated.includes(found)) {
        return report.error(
          'reference',
          rule.place,
          `the alias \`${name}\` names \`${rule.to}\`, which is not correlated here`,
        );
      }
      fields.set(directory.idOf(found), fieldIn(found, field, header, options, report));
    }
    for (const document of correlated) {
      const id = directory.idOf(document);
      if (fields.has(id)) continue;
      const field = fieldIn(document, name, header, options, report);
      if (field !== name) fields.set(id, field);
    }
    if (fields.size > 0) aliases.set(name, Object.fromEntries(fields));
  }
  return Object.fromEntries(aliases);
}

/** A correlated correlation offers the fields that it groups by, under the names that it uses. */
function fieldIn(
  document: SigmaDocument,
  name: string,
  header: CorrelationDocument['header'],
  options: SigmaOptions,
  report: Report,
): string {
  if (document.kind !== 'detection') return name;
  const { taxonomy } = header.taxonomy === 'ecs' ? header : (document as DetectionDocument).header;
  return namesFor(document.logsource, { ...header, taxonomy }, options, report).field(name, header.place)
    .field;
}

/** What all log sources agree on. */
function commonOf(sources: readonly LogSource[]): Omit<LogSource, 'place'> {
  const [first, ...rest] = sources.map(nameOf);
  if (first === undefined) return {};
  const entries = Object.entries(first).filter(([key, value]) =>
    rest.every((source) => source[key as keyof typeof source] === value),
  );
  return Object.fromEntries(entries);
}
