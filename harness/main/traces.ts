// What a report shows of a run's evidence beyond its record, read from the run's folder case by case.

import { basename, dirname } from 'node:path';
import { readCaseTrace } from '../content/case-trace-file.ts';
import { type CasePlace, hasEvidence, readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import type { RuleBook } from '../engine/judge/rule-book.ts';
import { AtomclockError } from '../model/errors.ts';
import type { CaseRecord, RunRecord } from '../model/run-record.ts';
import type { CaseTrace, RuleTrace, RunTraces } from '../model/traces.ts';
import { branchesOf, needsOf, type Rule } from '../rules/index.ts';
import { caseTrace } from './case-trace.ts';
import { citedIn } from './cited-events.ts';
import { type JudgedBy, judgingBook } from './judging-book.ts';
import { traceKeyFor } from './trace-key.ts';

/**
 * Reads the traces of a record from the folder that was judged: those that were kept when it was, else what the evidence
 * says. A case whose evidence is gone or damaged, and that has none kept, has none: the record says so already.
 * @param run a run's folder, or the run.json in it
 * @returns null where the folder has no evidence
 * @throws AtomclockError `evidence/…` where the evidence as a whole cannot be read
 */
export async function readTraces(
  run: string,
  record: RunRecord,
  judgedBy: JudgedBy = { rules: [], placeholders: {} },
): Promise<RunTraces | null> {
  const folder = basename(run) === 'run.json' ? dirname(run) : run;
  if (!(await hasEvidence(folder))) return null;
  const file = await readEvidenceFile(folder);
  const { book, texts, placeholders } = judgingBook(file, judgedBy, () => {});
  const textOf = new Map(texts.map((one) => [one.file, one.text]));
  const cited = citedIn(record);
  const keyOf = traceKeyFor(texts, placeholders);
  const records = new Map(record.cases.map((each) => [each.id, each]));
  const cases = new Map<string, CaseTrace>();
  for (const place of file.cases) {
    const of = records.get(place.id) ?? null;
    const wanted = cited.get(place.id) ?? new Set();
    if (of === null && wanted.size === 0) continue;
    const trace =
      (await readCaseTrace(folder, place, keyOf(of, wanted))) ??
      (await traceIn(folder, place, { of, cited: wanted, book }));
    if (trace) cases.set(place.id, trace);
  }
  return { rules: book.rules.map((rule) => ruleTrace(rule, record, textOf.get(rule.file) ?? '')), cases };
}

async function traceIn(
  folder: string,
  place: CasePlace,
  { of, cited, book }: { of: CaseRecord | null; cited: ReadonlySet<string>; book: RuleBook },
): Promise<CaseTrace | null> {
  try {
    return caseTrace(await readCase(folder, place), of, cited, book);
  } catch (error) {
    if (error instanceof AtomclockError) return null;
    throw error;
  }
}

function ruleTrace(rule: Rule, { rules }: RunRecord, text: string): RuleTrace {
  const { total = 0, unproven = [] } = rules.find(({ slug }) => slug === rule.slug)?.branches ?? {};
  const keys = new Set(unproven.map(({ branch, kind, place }) => `${kind} ${place} ${branch}`));
  const needs = needsOf(rule);
  return {
    slug: rule.slug,
    text,
    branches: branchesOf(rule).map(({ kind, text: branch, place }) => ({
      kind,
      text: branch,
      line: place.line,
      column: place.column,
      proven: total > 0 && !keys.has(`${kind} ${place.file}:${place.line}:${place.column} ${branch}`),
    })),
    sensors: needs.sensors,
    fields: needs.fields,
  };
}
