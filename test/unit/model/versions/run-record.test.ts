// Saved records of version 1, with what was written under that number and without, read as if they were written today.

import { expect, it } from 'vitest';
import type { RunRecord } from '../../../../harness/model/run-record.ts';
import { recordOf } from '../../../../harness/model/run-summary.ts';
import { runRecordReading } from '../../../../harness/model/versions/run-record.ts';
import { sampleRecord } from '../../report/fixture.ts';

/** The record as version 1 wrote it in the end. */
function asVersion1(record: RunRecord) {
  const { attacks: _, ...summary } = record.summary;
  const { robustness: __, hardening: ___, ...rest } = record;
  return {
    ...rest,
    schemaVersion: 1,
    cases: record.cases.map(({ variant, seenBy, ...each }) => each),
    mitigations: record.mitigations.map(({ case: where, ...each }) => each),
    rules: record.rules.map(({ analytics, ...rule }) => rule),
    summary,
  };
}
type Old = ReturnType<typeof asVersion1>;

function read(value: unknown): RunRecord {
  const reading = runRecordReading(value);
  if (!('schema' in reading)) throw new RangeError(`version ${reading.newer}`);
  return reading.schema.parse(value);
}

it('reads today’s records as they are', () => expect(read(sampleRecord())).toEqual(sampleRecord()));

it.each<[string, (old: Old) => object]>([
  ['with all that it came to have', (old) => old],
  [
    'without cross-talk, which stood among the false positives',
    ({ summary, ...old }) => {
      const { crossTalk: _, ...rules } = summary.rules;
      return {
        ...old,
        rules: old.rules.map(({ crossTalk, falsePositives, ...rule }) => ({
          ...rule,
          falsePositives: [...crossTalk, ...falsePositives],
        })),
        summary: { ...summary, rules },
      };
    },
  ],
  [
    'without the count of silent rules',
    ({ summary, ...old }) => {
      const { silent: _, ...rules } = summary.rules;
      return { ...old, summary: { ...summary, rules } };
    },
  ],
])('reads version 1 %s', (_, change) => {
  expect(read(change(asVersion1(sampleRecord())))).toEqual(sampleRecord());
});

it('reads what version 1 did not know of a file as not known', () => {
  const old = asVersion1(sampleRecord());
  const cases = old.cases.map(({ atomic: { bundled: _, ...atomic }, ...each }) => ({ ...each, atomic }));
  const rules = old.rules.map(({ bundled: _, ...rule }) => rule);
  const record = read({ ...old, cases, rules });
  expect(record.cases.every(({ atomic }) => !('bundled' in atomic))).toBe(true);
  expect(record.rules.every((rule) => !('bundled' in rule))).toBe(true);
  expect(record.summary).toEqual(sampleRecord().summary);
});

it('keeps that cases are missing, and a launch that only the log tells', () => {
  const old = asVersion1(sampleRecord());
  const cases = old.cases.map((each) => ({ ...each, proof: each.proof && { ...each.proof, by: 'log' } }));
  const record = read({ ...old, run: { ...old.run, missing: ['lost@debian12'] }, cases });
  expect(record.run.missing).toEqual(['lost@debian12']);
  expect(record.cases[0]?.proof?.by).toBe('log');
});

it('keeps that a match was judged on what there was', () => {
  const old = asVersion1(sampleRecord());
  const matches = [{ eventIds: [3, 4], open: true }];
  const { rules } = read({ ...old, rules: old.rules.map((rule) => ({ ...rule, matches })) });
  expect(rules[0]?.matches).toEqual(matches);
});

it.each([
  ['fail', 'bypassed'],
  ['pass', 'notClaimed'],
] as const)('calls bypassed under a case with verdict %s: %s', (verdict, wanted) => {
  const record = sampleRecord();
  const cases = record.cases.map((each) =>
    each.id === 'cron-d-drop@debian12+cron-allow' ? { ...each, verdict } : each,
  );
  const { mitigations, summary } = read(asVersion1(recordOf({ ...record, cases })));
  expect(mitigations.map((each) => each.verdict)).toEqual(['blocks', wanted]);
  expect(summary.mitigations).toEqual({ blocks: 1, [wanted]: 1 });
});

it('refuses newer ones by their number', () => {
  expect(runRecordReading({ schemaVersion: 3 })).toEqual({ newer: 3, newest: 2 });
});

it.each([
  [{ ...asVersion1(sampleRecord()), robustness: [] }],
  [{ ...sampleRecord(), robustness: undefined }],
  [{ ...sampleRecord(), schemaVersion: '1' }],
  [null],
  [[]],
])('takes no mixture of versions, and nothing else', (value) => {
  const reading = runRecordReading(value);
  expect('schema' in reading && reading.schema.safeParse(value).success).toBe(false);
});
