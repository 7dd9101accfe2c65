// What fired without being expected is told by name, and makes no run look better than it is.

import { expect, it } from 'vitest';
import type { CaseRecord, RuleRecord } from '../../../harness/model/run-record.ts';
import { firedOn, sightOf } from '../../../harness/report/fired.ts';
import { countsOf } from '../../../harness/report/summary-line.ts';
import { sampleRecord } from './fixture.ts';

const record = sampleRecord();
const [first] = record.cases as [CaseRecord, ...CaseRecord[]];
const unexpected = { ...first, detections: first.detections.map((each) => ({ ...each, expected: false })) };

it('tells expected from not expected', () => {
  expect(firedOn(first)).toEqual({ expected: 2, detected: 2, unexpected: ['crontab-renamed'], falsely: [] });
  expect(firedOn(unexpected)).toEqual({
    expected: 0,
    detected: 0,
    unexpected: ['at-job-queued', 'at-client-exec', 'crontab-renamed'],
    falsely: [],
  });
});

it('calls what fires on a benign twin false, whatever an older record says', () => {
  const twin = { ...unexpected, kind: 'benign' as const };
  expect(firedOn(twin).falsely).toEqual(['at-job-queued', 'at-client-exec', 'crontab-renamed']);
  const rule = (slug: string) => record.rules.find((each) => each.slug === slug) as RuleRecord;
  expect(sightOf(rule('at-job-queued'), twin)).toBe('false positive');
  expect(sightOf(rule('at-job-queued'), first)).toBe('detected');
  expect(sightOf(rule('cron-d-created'), first)).toBeUndefined();
});

it('tells cross-talk in a case from what was seen of the case', () => {
  const noisy = (slug: string): RuleRecord => ({
    ...(record.rules.find((each) => each.slug === slug) as RuleRecord),
    crossTalk: [{ case: first.id, eventIds: ['ebpf-1'] }],
  });
  expect(sightOf(noisy('cron-d-created'), first)).toBe('cross-talk');
  expect(sightOf(noisy('at-job-queued'), first)).toBe('detected');
});

it('counts as fired what is credited, not what matched', () => {
  const quiet = record.rules.map((rule) => ({ ...rule, firedIn: [] }));
  expect(countsOf({ ...record, rules: quiet }).join()).toContain(
    '0 of 7 rules fired, 1 with false positives, 2 with cross-talk',
  );
});

it('counts what was expected, and nothing where nothing was', () => {
  expect(countsOf({ ...record, cases: [first, unexpected] })).toContain('2 of 2 detections');
  expect(countsOf({ ...record, cases: [unexpected] }).join()).not.toContain('detections');
});
