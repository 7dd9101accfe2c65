// What a report shows of a run's evidence beyond its record, read from the run's folder case by case.

import { basename, dirname } from 'node:path';
import { readCaseTrace } from '../content/case-trace-file.ts';
import { type CasePlace, hasEvidence, readCase, readEvidenceFile } from '../content/evidence-folder.ts';
import type { RuleBook } from '../engine/judge/rule-book.ts';
import { seenBy } from '../engine/judge/seen-by.ts';
import { AtomclockError } from '../model/errors.ts';
import type { SensorName } from '../model/event.ts';
import type { CaseRecord, RunRecord } from '../model/run-record.ts';
import type { CaseTrace, RuleTrace, RunTraces } from '../model/traces.ts';
import { branchesOf, needsOf, type Rule } from '../rules/index.ts';
import { caseTrace } from './case-trace.ts';
import { citedIn } from './cited-events.ts';
import { type JudgedBy, judgingBook } from './judging-book.ts';
import { traceKeyFor } from './trace-key.ts';

/**
 * Reads the traces of a record from the folder that was judged: those that were kept when it was, else what the evidence
 * says. A case whose evidence is gone or damaged, and that has none kept, has none: the record says so already. Of a run that
 * was judged by some of its sensors, only what these told is shown.
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
  const isWhole = file.run.sensors.every((sensor) => record.run.sensors.includes(sensor));
  const sensors = isWhole ? null : new Set(record.run.sensors);
  for (const place of file.cases) {
    const of = records.get(place.id) ?? null;
    const wanted = cited.get(place.id) ?? new Set();
    if (of === null && wanted.size === 0) continue;
    const trace =
      // What was kept shows what all sensors told.
      (sensors ? null : await readCaseTrace(folder, place, keyOf(of, wanted))) ??
      (await traceIn(folder, place, { of, cited: wanted, book, sensors }));
    if (trace) cases.set(place.id, trace);
  }
  return { rules: book.rules.map((rule) => ruleTrace(rule, record, textOf.get(rule.file) ?? '')), cases };
}

interface TraceWanted {
  readonly of: CaseRecord | null;
  readonly cited: ReadonlySet<string>;
  readonly book: RuleBook;
  /** By which it was judged; null: by all that recorded it. */
  readonly sensors: ReadonlySet<SensorName> | null;
}

async function traceIn(
  folder: string,
  place: CasePlace,
  { of, cited, book, sensors }: TraceWanted,
): Promise<CaseTrace | null> {
  try {
    const found = await readCase(folder, place);
    return caseTrace(sensors ? seenBy(sensors, found.evidence, found.events) : found, of, cited, book);
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
