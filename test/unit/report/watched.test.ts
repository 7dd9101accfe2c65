// What an edit changed, as who watches reads it.

import { expect, it } from 'vitest';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { renderWatched } from '../../../harness/report/watched.ts';
import { sampleRecord } from './fixture.ts';

const shown = (after: RunRecord, ran: readonly string[] = []): string[] =>
  renderWatched(after, sampleRecord(), { color: false, ms: 250, ran }).trimEnd().split('\n');

const id = 'at-stdin@debian12';

function changed(change: (record: RunRecord) => void): RunRecord {
  const record = sampleRecord();
  change(record);
  return record;
}
const caseOf = (record: RunRecord) => {
  const found = record.cases.find((one) => one.id === id);
  if (!found) throw new RangeError(`no case ${id}`);
  return found;
};

it('says nothing of cases that came out as before, and counts the rules', () => {
  const lines = shown(sampleRecord());
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\d+ rules as before$/);
  expect(lines[1]).toMatch(/; judged in 0\.25 s$/);
});

it('says of a case that was run how it came out, and why where it is not as expected', () => {
  expect(shown(sampleRecord(), [id])[0]).toBe(`${id}  executed, pass, as before`);
  const inert = changed((record) =>
    Object.assign(caseOf(record), {
      observation: 'inert',
      verdict: 'fail',
      reasons: ['nothing launched it'],
    }),
  );
  expect(shown(inert, [id]).slice(0, 2)).toEqual([
    `${id}  executed, pass → inert, fail`,
    '  nothing launched it',
  ]);
});

it('says which cases are new, and which are gone', () => {
  const renamed = changed((record) => Object.assign(caseOf(record), { id: 'other@debian12' }));
  expect(shown(renamed)).toEqual(
    expect.arrayContaining(['other@debian12  new: executed, pass', `${id}  is gone`]),
  );
});

it('does not take a rule for another because a case that was run has other events', () => {
  const again = changed((record) => {
    for (const rule of record.rules)
      for (const match of rule.matches) match.eventIds = match.eventIds.map((event) => `${event}9`);
  });
  expect(shown(again, [id])).toHaveLength(3);
  expect(shown(again).length).toBeGreaterThan(2);
});
