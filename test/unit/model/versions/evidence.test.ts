// Evidence of version 1, with what was written under that number and without, read as if it were recorded today.

import { expect, it } from 'vitest';
import { blankEvidence } from '../../../../harness/engine/run/blank-evidence.ts';
import type { CaseEvidence, EvidenceFile } from '../../../../harness/model/evidence.ts';
import { expectationFor } from '../../../../harness/model/expectation.ts';
import { evidenceFileReading, savedCaseReading } from '../../../../harness/model/versions/evidence.ts';
import type { Reading } from '../../../../harness/model/versions/reading.ts';
import { aMitigation, anAtomic, anExpectation, aPlannedCase, runFacts } from '../../engine/content.ts';

function read<T>(reading: Reading<T>, value: unknown): T {
  if (!('schema' in reading)) throw new RangeError(`version ${reading.newer}`);
  return reading.schema.parse(JSON.parse(JSON.stringify(value)));
}

/** The case as version 1 wrote it. */
function asVersion1(evidence: CaseEvidence) {
  if (evidence.kind === 'idle') {
    const none = { atomic: null, expectation: null, mitigation: null, skipped: null, legitimateNonces: [] };
    return { ...evidence, ...none, evidenceVersion: 1, user: 'root', nonce: 'c0ffee' };
  }
  const { mitigations, variant: _, ...rest } = evidence;
  return { ...rest, evidenceVersion: 1, mitigation: mitigations[0] ?? null };
}

const expected = expectationFor(anExpectation({ detects: ['any'] }), []);
const stopper = aMitigation({ id: 'stopper', stops: ['atomic'] });
const blank = (planned: Parameters<typeof blankEvidence>[0]) => blankEvidence(planned, () => 'c0ffee');

it.each<[string, CaseEvidence]>([
  ['an attack', blank(aPlannedCase({ expectation: expected, user: 'alice' }))],
  ['a benign twin', blank(aPlannedCase({ kind: 'benign', atomic: anAtomic({ kind: 'benign' }) }))],
  ['a treated case', blank(aPlannedCase({ mitigations: [stopper] }))],
  ['a case that was left out', blank(aPlannedCase({ skipped: 'executor powershell' }))],
  ['an idle control', blank({ kind: 'idle', id: 'idle@debian12', target: 'debian12' })],
])('reads %s of version 1', (_, evidence) => {
  const old = asVersion1(evidence);
  expect(read(savedCaseReading(old), old)).toEqual(evidence);
  const counted = { ...old, eventCount: 7 };
  expect(read(savedCaseReading(counted), counted)).toEqual({ ...evidence, eventCount: 7 });
  expect(read(savedCaseReading(evidence), evidence)).toEqual(evidence);
});

it.each<[string, object]>([
  ['an attack without atomic', { atomic: null }],
  ['a nonce that is empty', { nonce: '' }],
  ['other uses than the mitigation has', { legitimateNonces: [] }],
  ['what came with version 2', { mitigations: [] }],
])('refuses %s in version 1', (_, change) => {
  const old = { ...asVersion1(blank(aPlannedCase({ mitigations: [stopper] }))), ...change };
  expect(() => read(savedCaseReading(old), old)).toThrow();
});

it('wants a nonce for each legitimate use of all mitigations', () => {
  const both = [stopper, aMitigation({ id: 'other', stops: ['atomic'] })];
  const evidence = blank(aPlannedCase({ mitigations: both }));
  expect(read(savedCaseReading(evidence), evidence)).toEqual(evidence);
  const short = { ...evidence, legitimateNonces: ['c0ffee'] };
  expect(() => read(savedCaseReading(short), short)).toThrow('expected 2 of them');
});

it.each<[string, Partial<EvidenceFile>]>([
  ['as it began', {}],
  ['with placeholders', { placeholders: { tools: ['nc'] } }],
  ['of an interrupted run', { planned: ['a@debian12', 'b@debian12'] }],
])('reads the evidence of a run of version 1 %s', (_, more) => {
  const rules = [{ file: 'a.eql', text: 'any where true', bundled: false }];
  const old = { evidenceVersion: 1, run: runFacts, rules, cases: ['a@debian12'], ...more };
  const today = { ...old, evidenceVersion: 2, cases: [{ id: 'a@debian12', folder: 'a@debian12' }] };
  expect(read(evidenceFileReading(old), old)).toEqual(today);
  expect(read(evidenceFileReading(today), today)).toEqual(today);
});

it.each([evidenceFileReading, savedCaseReading])('refuses newer ones by their number', (reading) => {
  expect(reading({ evidenceVersion: 3 })).toEqual({ newer: 3, newest: 2 });
});
