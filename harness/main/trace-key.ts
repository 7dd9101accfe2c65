// What a kept trace was made for: one judging of its case, by one set of rules.

import { createHash } from 'node:crypto';
import type { EvidenceFile } from '../model/evidence.ts';
import type { CaseRecord } from '../model/run-record.ts';

/** Of what a trace holds, and how it is made. Where that changes, this does: what was kept before is made anew. */
const form = 1;

/** Names the judging of a case by its record (null: an idle control) and the events that are cited of it. */
export type TraceKey = (record: CaseRecord | null, cited: ReadonlySet<string>) => string;

/** @param rules the texts that cases are judged by */
export function traceKeyFor(
  rules: EvidenceFile['rules'],
  placeholders: NonNullable<EvidenceFile['placeholders']>,
): TraceKey {
  const texts = rules.map(({ file, text }) => [file, text]);
  const judgedBy = hashOf([form, texts, placeholders]);
  return (record, cited) => hashOf([judgedBy, record && read(record), [...cited].sort()]);
}

/** What of a record its trace shows. */
const read = ({ proof, detections }: CaseRecord) => [
  proof?.eventId ?? null,
  detections.map(({ rule, attributed, eventIds }) => [rule, attributed, eventIds]),
];

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
