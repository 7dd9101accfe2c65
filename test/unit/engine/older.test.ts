// Records without cross-talk are taken apart as they are read.

import { expect, it } from 'vitest';
import { upToDate } from '../../../harness/engine/record/older.ts';
import { sampleRecord } from '../report/fixture.ts';

it('takes cross-talk out of the false positives of an older record', () => {
  const today = sampleRecord();
  const older = {
    ...today,
    rules: today.rules.map(({ crossTalk = [], falsePositives, ...rule }) => ({
      ...rule,
      falsePositives: [...crossTalk, ...falsePositives],
    })),
  };
  expect(upToDate(older)).toEqual(today);
  expect(upToDate(today)).toBe(today);
});
