// Coverage by technique, procedure and sensor: what counts as seen, and through what; and that no format hides what was not.

import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { CaseRecord, RuleRecord, RunRecord } from '../../../harness/model/run-record.ts';
import { recordOf } from '../../../harness/model/run-summary.ts';
import { coverageOf, percentSeen, seeingSensors } from '../../../harness/report/coverage.ts';
import type { ReportFormat } from '../../../harness/report/formats.ts';
import { reporters } from '../../../harness/report/reporters.ts';
import { sampleRecord } from './fixture.ts';

const [attack] = sampleRecord().cases as [CaseRecord, ...CaseRecord[]];
const [sample] = sampleRecord().rules as [RuleRecord, ...RuleRecord[]];

/** A case that this rule saw by matches of these events. */
const seen = (id: string, rule: string, ...matches: string[][]) => ({ id, rule, matches });
type Seen = ReturnType<typeof seen>;

const caseOf = (
  id: string,
  technique: string,
  by: readonly Seen[],
  changes: Partial<CaseRecord> = {},
): CaseRecord => {
  const [slug = ''] = id.split(/[~@]/);
  const own = by.filter((one) => one.id === id);
  return {
    ...attack,
    id,
    atomic: { ...attack.atomic, guid: slug, slug, technique },
    detections: own.map(({ rule, matches }) => ({
      rule,
      outcome: 'detected',
      expected: false,
      attributed: true,
      eventIds: matches.flat(),
      timeToDetectMs: 1,
    })),
    seenBy: own.map(({ rule }) => rule),
    ...changes,
  };
};

const recordWith = (cases: readonly CaseRecord[], by: readonly Seen[]): RunRecord =>
  recordOf({
    ...sampleRecord(),
    cases: [...cases],
    mitigations: [],
    rules: [...new Set(by.map(({ rule }) => rule))].map((slug) => ({
      ...sample,
      slug,
      matches: by
        .filter(({ rule }) => rule === slug)
        .flatMap(({ id, matches }) => matches.map((eventIds) => ({ case: id, eventIds }))),
    })),
  });

const by = [
  seen('a@t', 'files', ['ebpf-1'], ['inventory-2']),
  seen('a~x=1@t', 'files', ['ebpf-3']),
  seen('a@t', 'chain', ['ebpf-1', 'journal-4']),
  seen('c@t', 'files', ['journal-5']),
];
const record = recordWith(
  [
    caseOf('c@t', 'T1053.006', by),
    caseOf('a@t', 'T1053.002', by),
    caseOf('a~x=1@t', 'T1053.002', by),
    caseOf('b@t', 'T1053.002', by),
    caseOf('d@t', 'T1053.002', by, { observation: 'inert' }),
    caseOf('e@t', 'T1053.002', by, { mitigation: 'at-allow' }),
    caseOf('f@t', 'T1053.002', by, { kind: 'benign' }),
  ],
  by,
);

describe('coverage', () => {
  const [first, second] = coverageOf(record);

  it('counts executed, untreated attacks by technique', () => {
    expect(first).toMatchObject({ technique: 'T1053.002', executed: 3, seen: 2, unseen: ['b@t'] });
    expect(second).toMatchObject({ technique: 'T1053.006', executed: 1, seen: 1, unseen: [] });
  });

  it('puts the cases of one atomic together', () => {
    expect(first?.procedures.map(({ slug, executed, seen: some }) => [slug, executed, some])).toEqual([
      ['a', 2, 2],
      ['b', 1, 0],
    ]);
  });

  it('names a sensor where its events alone made a match', () => {
    expect(first?.procedures[0]?.rules).toEqual([
      { rule: 'chain', sensors: [] },
      { rule: 'files', sensors: ['ebpf', 'inventory'] },
    ]);
    expect(seeingSensors(coverageOf(record), record)).toEqual(['ebpf', 'journal', 'inventory']);
  });

  it('does not credit a match that is nobody’s', () => {
    const stray = recordWith([caseOf('a@t', 'T1053.002', [])], [seen('a@t', 'files', ['ebpf-1'])]);
    expect(coverageOf(stray)[0]).toMatchObject({ seen: 0, procedures: [{ rules: [] }] });
  });
});

it.each([
  [200, 199, 99],
  [3, 1, 33],
  [1, 0, 0],
  [4, 4, 100],
])('rounds no blind spot away: %d executed, %d seen', (executed, some, percent) => {
  expect(percentSeen({ executed, seen: some })).toBe(percent);
});

it.each<[ReportFormat, RegExp]>([
  ['console', /T1053\.002 +2 of 3 +b$/m],
  ['console', /1 attack unseen by any rule/],
  ['markdown', /\| T1053\.002 \| ❌ 2 of 3 \| 66 % \| `b@t` \|/],
  ['markdown', /\| `b` \| T1053\.002 \| ❌ 0 of 1 \| {2}\| {2}\| {2}\|/],
  ['navigator', /"score": 66/],
  ['navigator', /b@t: executed, pass, unseen/],
  ['junit', /unseen: no rule saw the attack b@t/],
  ['sarif', /"ruleId": "attack-unseen"/],
  ['github', /^::warning title=unseen%3A 1 of 3 executed attacks of T1053\.002::no rule saw b@t$/m],
])('%s says what was not seen: %s', (format, said) => {
  expect(reporters[format].render(record, { color: false, columns: 80 }).output).toMatch(said);
});

it.each(Object.keys(reporters) as ReportFormat[])('%s has no blind spot where all was seen', (format) => {
  const whole = recordWith([caseOf('a@t', 'T1053.002', by)], by);
  const { output } = reporters[format].render(whole, { color: false, columns: 80 });
  expect(output).not.toMatch(/unseen(?:%3A| by any| procedures: )|ruleId": "attack-unseen/);
});

it('fits a terminal however many attacks are unseen', () => {
  const ids = Array.from({ length: 40 }, (_, at) => `${'定时'.repeat(1 + (at % 5))}-${at}@debian12`);
  const blind = recordWith(
    ids.map((id) => caseOf(id, 'T1053.003', [])),
    [],
  );
  const { output } = reporters.console.render(blind, { color: false, columns: 80 });
  expect(output.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([]);
});

it('names bundled rules that say nothing of the cases as a number, and every other rule', () => {
  const quiet = { ...sample, firedIn: [], matches: [], crossTalk: [], falsePositives: [], bundled: true };
  const rules = ['a1', 'a2'].map((slug) => ({ ...quiet, slug }));
  const own = { ...quiet, slug: 'own', bundled: false };
  const run = recordOf({ ...record, rules: [...record.rules, ...rules, own] });
  const { output } = reporters.console.render(run, { color: false, columns: 80 });
  expect(output).toMatch(/^ {2}files .*\n {2}chain .*\n {2}own .*\n {2}2 more bundled rules say nothing/m);
});
