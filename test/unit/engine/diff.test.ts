// What two runs have lost and won between them.

import { expect, it } from 'vitest';
import { diffRuns } from '../../../harness/engine/record/diff.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { bareRecord, sampleRecord } from '../report/fixture.ts';

/** The sample, changed in place. */
function changed(change: (record: RunRecord) => void, record = sampleRecord()): RunRecord {
  change(record);
  return record;
}

const rule = (record: RunRecord, slug: string) => {
  const found = record.rules.find((each) => each.slug === slug);
  if (!found) throw new TypeError(`no rule ${slug}`);
  return found;
};

it('finds nothing between a run and itself', () => {
  expect(diffRuns(sampleRecord(), sampleRecord())).toEqual({
    worse: [],
    better: [],
    other: [],
    compared: { cases: 10, mitigations: 2, rules: 7 },
  });
});

it('sees a rule that stopped firing, and one that started', () => {
  const after = changed((record) => {
    rule(record, 'at-job-queued').firedIn = [];
    rule(record, 'cron-d-created').firedIn = ['cron-d-drop@debian12'];
  });
  expect(diffRuns(sampleRecord(), after)).toMatchObject({
    worse: [
      {
        about: 'rule',
        id: 'at-job-queued',
        what: 'stopped firing in at-stdin@debian12',
        shownIn: ['at-stdin@debian12'],
        because: [],
      },
    ],
    better: [{ about: 'rule', id: 'cron-d-created', what: 'now fires in cron-d-drop@debian12' }],
  });
  expect(diffRuns(after, sampleRecord()).worse).toHaveLength(1);
});

it('says why a rule stopped firing', () => {
  const broken = changed((record) => {
    Object.assign(rule(record, 'at-job-queued'), { firedIn: [], error: 'r.yml:1:1: broken' });
  });
  expect(diffRuns(sampleRecord(), broken).worse).toMatchObject([{ because: ['r.yml:1:1: broken'] }]);
  const silent = changed((record) => {
    const nearest = { case: 'at-stdin@debian12', text: 'a test failed', distance: 1 };
    Object.assign(rule(record, 'at-job-queued'), {
      firedIn: [],
      silent: [{ technique: 'T1053.002', attacks: [nearest.case], nearest }],
    });
  });
  expect(diffRuns(sampleRecord(), silent).worse).toMatchObject([
    { because: ['silent on T1053.002; closest in at-stdin@debian12: a test failed'] },
  ]);
});

it('tells rules that only one of the runs has, and blames nobody for them', () => {
  const without = changed((record) => {
    record.rules = record.rules.filter(({ slug }) => slug !== 'at-job-queued');
  });
  expect(diffRuns(sampleRecord(), without)).toMatchObject({
    worse: [],
    better: [],
    other: [{ id: 'at-job-queued', what: 'only in the old run', onlyIn: 'old', because: ['it fired in 1'] }],
  });
  expect(diffRuns(without, sampleRecord())).toMatchObject({
    worse: [],
    better: [],
    other: [{ id: 'at-job-queued', what: 'only in the new run', onlyIn: 'new', because: ['it fired in 1'] }],
  });
});

it('knows a rule by its id over a new name, and by its name when its id cannot be read any more', () => {
  const renamed = changed((record) => Object.assign(rule(record, 'at-job-queued'), { slug: 'other' }));
  expect(diffRuns(sampleRecord(), renamed)).toMatchObject({ worse: [], better: [], other: [] });
  const unreadable = changed((record) => {
    Object.assign(rule(record, 'at-job-queued'), { id: 'at-job-queued', firedIn: [], error: 'not YAML' });
  });
  expect(diffRuns(sampleRecord(), unreadable)).toMatchObject({
    worse: [{ id: 'at-job-queued', because: ['not YAML'] }],
    other: [],
  });
});

it('does not blame a rule for a case that did not run', () => {
  const partial = changed((record) => {
    record.cases = record.cases.filter(({ atomic }) => atomic.slug !== 'at-stdin');
    rule(record, 'at-job-queued').firedIn = [];
  });
  const { worse, other } = diffRuns(sampleRecord(), partial);
  expect(worse).toEqual([]);
  expect(other).toMatchObject([
    { id: 'at-stdin@debian12', what: 'only in the old run', onlyIn: 'old' },
    { id: 'at-stdin@debian12+at-allow', what: 'only in the old run', onlyIn: 'old' },
  ]);
});

it('sees false positives come and go', () => {
  const noisy = changed((record) => {
    rule(record, 'cron-d-created').falsePositives = [{ case: 'crontab-list@debian12', eventIds: ['ebpf-1'] }];
    rule(record, 'cron-d-created').crossTalk = [{ case: 'cron-d-drop@debian12', eventIds: ['ebpf-1'] }];
    rule(record, 'at-client-exec').crossTalk = [];
    rule(record, 'own-crontab-any').falsePositives = [];
  });
  expect(diffRuns(sampleRecord(), noisy)).toMatchObject({
    worse: [
      { id: 'cron-d-created', what: 'now fires on the benign twins crontab-list@debian12' },
      { id: 'cron-d-created', what: 'now also fires on what is no attack, in cron-d-drop@debian12' },
    ],
    better: [
      { id: 'at-client-exec', what: 'no longer fires on what is no attack, in idle@debian12' },
      { id: 'own-crontab-any', what: 'no longer fires on the benign twins crontab-list@debian12' },
    ],
  });
});

it('sees a mitigation that stopped blocking, and one that began to', () => {
  const after = changed((record) => {
    for (const mitigation of record.mitigations) {
      mitigation.verdict = mitigation.verdict === 'blocks' ? 'overblocks' : 'blocks';
    }
  });
  expect(diffRuns(sampleRecord(), after)).toMatchObject({
    worse: [
      {
        about: 'mitigation',
        id: 'at-allow@debian12 against at-stdin',
        what: 'stopped blocking: overblocks',
        shownIn: ['at-stdin@debian12+at-allow'],
      },
    ],
    better: [
      { about: 'mitigation', id: 'cron-allow@debian12 against cron-d-drop', what: 'bypassed → blocks' },
    ],
  });
});

it.each([
  ['fail', 'worse'],
  ['error', 'worse'],
  ['skip', 'worse'],
] as const)('takes pass → %s as %s, and the way back as better', (verdict, direction) => {
  const after = changed((record) => {
    Object.assign(record.cases[0] as object, { verdict, reasons: ['because'] });
  });
  const expected = {
    about: 'case',
    id: 'at-stdin@debian12',
    what: `pass → ${verdict}`,
    shownIn: ['at-stdin@debian12'],
    because: ['because'],
  };
  expect(diffRuns(sampleRecord(), after)[direction]).toEqual([expected]);
  expect(diffRuns(after, sampleRecord()).better).toHaveLength(1);
});

it('tells another observation, and other branches, as changes only', () => {
  const after = changed((record) => {
    Object.assign(record.cases[0] as object, { observation: 'inert' });
    rule(record, 'at-job-queued').branches.proven = 3;
  });
  expect(diffRuns(sampleRecord(), after)).toMatchObject({
    worse: [],
    better: [],
    other: [{ what: 'executed → inert' }, { what: 'proven branches: 2 of 3 → 3 of 3' }],
  });
});

it('compares replays of bare events by the events that matched', () => {
  const after = changed((record) => {
    rule(record, 'at-job-queued').matches = [{ eventIds: [3] }, { eventIds: [8] }];
  }, bareRecord());
  expect(diffRuns(bareRecord(), after)).toMatchObject({
    worse: [{ what: 'stopped firing in event 7' }],
    better: [{ what: 'now fires in event 8' }],
  });
});
