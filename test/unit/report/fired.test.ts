// What fired without being expected is told by name, and makes no run look better than it is.

import { expect, it } from 'vitest';
import type { CaseRecord } from '../../../harness/model/run-record.ts';
import { firedOn } from '../../../harness/report/fired.ts';
import { countsOf } from '../../../harness/report/summary-line.ts';
import { sampleRecord } from './fixture.ts';

const record = sampleRecord();
const [first] = record.cases as [CaseRecord, ...CaseRecord[]];
const besides = { ...first, detections: first.detections.map((each) => ({ ...each, expected: false })) };

it('tells expected from not expected', () => {
  expect(firedOn(first)).toEqual({ expected: 2, detected: 2, besides: ['crontab-renamed'] });
  expect(firedOn(besides)).toEqual({
    expected: 0,
    detected: 0,
    besides: ['at-job-queued', 'at-client-exec', 'crontab-renamed'],
  });
});

it('counts what was expected, and nothing where nothing was', () => {
  expect(countsOf({ ...record, cases: [first, besides] })).toContain('2 of 2 detections');
  expect(countsOf({ ...record, cases: [besides] }).join()).not.toContain('detections');
});
