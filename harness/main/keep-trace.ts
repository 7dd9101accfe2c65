// Keeps what reports show of a case while its events are at hand: read again, they are most of what a report costs.

import { writeCaseTrace } from '../content/case-trace-file.ts';
import type { JudgedCase } from '../engine/judge/judged-case.ts';
import type { RuleBook } from '../engine/judge/rule-book.ts';
import { caseTrace } from './case-trace.ts';
import { citedOf } from './cited-events.ts';
import type { TraceKey } from './trace-key.ts';

interface Judging {
  /** The run's. */
  readonly folder: string;
  readonly book: RuleBook;
  readonly traceKey: TraceKey;
}

/** Writes the trace of a case beside its evidence, which is there already. */
export async function keepTrace(judged: JudgedCase, { folder, book, traceKey }: Judging): Promise<void> {
  const { evidence, record } = judged;
  const cited = citedOf(judged);
  const trace = caseTrace(judged, record, cited, book);
  await writeCaseTrace(folder, evidence.id, { madeFor: traceKey(record, cited), trace });
}
