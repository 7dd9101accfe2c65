// A run in a line: how long it worked, without the time in which it waited.

import { expect, it } from 'vitest';
import { verdictLine } from '../../../harness/report/summary-line.ts';
import { painter } from '../../../harness/report/table.ts';
import { sampleRecord } from './fixture.ts';

it.each([
  [undefined, 'in 90.0 s'],
  [80_500, 'in 9.5 s'],
  // A clock that was set back in between.
  [100_000, 'in 0.0 s'],
])('counts what it worked, and not a pause of %s ms', (pausedMs, wanted) => {
  const record = sampleRecord();
  record.run.startedAt = '2026-01-01T00:00:00.000Z';
  record.run.finishedAt = '2026-01-01T00:01:30.000Z';
  if (pausedMs !== undefined) record.run.pausedMs = pausedMs;
  expect(verdictLine(record, painter(false))).toMatch(new RegExp(` ${wanted}$`));
});
