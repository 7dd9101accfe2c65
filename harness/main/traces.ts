// What a report shows of a run's evidence beyond its record, read from the run's folder case by case.

import { basename, dirname } from 'node:path';
import { hasEvidence, readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import type { RuleBook } from '../engine/judge/rule-book.ts';
import { AtomclockError } from '../model/errors.ts';
import type { CaseRecord, RunRecord } from '../model/run-record.ts';
import type { CaseTrace, RuleTrace, RunTraces } from '../model/traces.ts';
import { branchesOf, needsOf, type Rule } from '../rules/index.ts';
import { caseTrace } from './case-trace.ts';
import { type JudgedBy, judgingBook } from './judging-book.ts';

/**
 * Reads the traces of a record from the folder that was judged. A case whose evidence is gone or damaged has none: the
 * record says so already.
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
  const { book, texts } = judgingBook(file, judgedBy, () => {});
  const textOf = new Map(texts.map((one) => [one.file, one.text]));
  const wanted = citedIds(record);
  const records = new Map(record.cases.map((each) => [each.id, each]));
  const cases = new Map<string, CaseTrace>();
  for (const place of file.cases) {
    const cited = wanted.get(place.id);
    const of = records.get(place.id);
    if (!of && !cited) continue;
    const trace = await traceIn(folder, place, { of, cited: cited ?? new Set(), book });
    if (trace) cases.set(place.id, trace);
  }
  return { rules: book.rules.map((rule) => ruleTrace(rule, record, textOf.get(rule.file) ?? '')), cases };
}

async function traceIn(
  folder: string,
  place: Parameters<typeof readCase>[1],
  { of, cited, book }: { of: CaseRecord | undefined; cited: ReadonlySet<string>; book: RuleBook },
): Promise<CaseTrace | null> {
  try {
    return caseTrace(await readCase(folder, place), of ?? null, cited, book);
  } catch (error) {
    if (error instanceof AtomclockError) return null;
    throw error;
  }
}

/** More events of one detection say no more than the first. */
const shownOfEach = 8;

/** Ids of events that the record cites, by case. */
function citedIds({ cases, rules }: RunRecord): Map<string, Set<string>> {
  const cited = new Map<string, Set<string>>();
  const add = (id: string, eventIds: readonly (string | number)[]): void => {
    const known = cited.get(id) ?? new Set();
    for (const each of eventIds) known.add(`${each}`);
    cited.set(id, known);
  };
  for (const { id, proof, artifacts, detections } of cases) {
    add(id, proof ? [proof.eventId] : []);
    add(
      id,
      artifacts.map(({ eventId }) => eventId),
    );
    for (const { eventIds } of detections) add(id, eventIds.slice(0, shownOfEach));
  }
  for (const { falsePositives, crossTalk } of rules) {
    for (const each of [...falsePositives, ...crossTalk]) add(each.case, each.eventIds.slice(0, shownOfEach));
  }
  return cited;
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
