// Gates: what is counted, when they are met, and how every report and the exit code tell that they are not.

import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../harness/cli/arguments.ts';
import { commands } from '../../../harness/cli/commands.ts';
import { readReportOptions } from '../../../harness/cli/options.ts';
import { outcomeOf } from '../../../harness/cli/outcome.ts';
import { type Requirement, withGates } from '../../../harness/model/gates.ts';
import type { CaseRecord, RunRecord } from '../../../harness/model/run-record.ts';
import { runRecordSchema } from '../../../harness/model/run-record.ts';
import { recordOf } from '../../../harness/model/run-summary.ts';
import { reporters } from '../../../harness/report/reporters.ts';
import { aCaseRecord } from '../engine/case-record.ts';
import { runFacts } from '../engine/content.ts';

const rule = (slug: string, over: Partial<RunRecord['rules'][number]> = {}): RunRecord['rules'][number] => ({
  ...{
    id: slug,
    slug,
    title: slug,
    language: 'eql',
    file: `rules/${slug}.toml`,
    technique: [],
    analytics: [],
  },
  ...{ firedIn: ['drop@t'], falsePositives: [], crossTalk: [], matches: [], error: null },
  branches: { total: 0, proven: 0, unproven: [] },
  ...over,
});
const record = (cases: CaseRecord[], rules: RunRecord['rules'] = []) =>
  recordOf({ run: runFacts, cases, mitigations: [], rules });
const seen = (id: string) => aCaseRecord(id, { seenBy: ['a'] });
const drop = seen('drop@t');
const hidden = aCaseRecord('hidden@t');
const lost = aCaseRecord('drop~writer=dd@t');
const unproven = {
  total: 4,
  proven: 3,
  unproven: [{ branch: 'x == 1', kind: 'alternative', place: 'rules/a.toml:7:3' }],
};

describe('a gate', () => {
  it.each<[string, RunRecord, Requirement, boolean, number | null, string[]]>([
    ['all seen', record([drop]), { gate: 'attacks-seen', percent: 100 }, true, 100, []],
    ['one unseen', record([drop, hidden]), { gate: 'attacks-seen', percent: 100 }, false, 50, ['hidden@t']],
    ['half is enough', record([drop, hidden]), { gate: 'attacks-seen', percent: 50 }, true, 50, []],
    [
      'what did not execute',
      record([drop, aCaseRecord('x@t', { observation: 'inert' })]),
      { gate: 'attacks-seen', percent: 100 },
      true,
      100,
      [],
    ],
    ['nothing executed', record([]), { gate: 'attacks-seen', percent: 0 }, false, null, []],
    [
      'cut, not rounded',
      record([drop, seen('b@t'), hidden]),
      { gate: 'attacks-seen', percent: 66.67 },
      false,
      66.6,
      ['hidden@t'],
    ],
    ['all fired', record([drop], [rule('a')]), { gate: 'rules-fire', percent: 100 }, true, 100, []],
    [
      'one silent',
      record([drop], [rule('a'), rule('b', { firedIn: [] })]),
      { gate: 'rules-fire', percent: 100 },
      false,
      50,
      ['b'],
    ],
    [
      'one unusable',
      record([drop], [rule('b', { firedIn: [], error: 'e' })]),
      { gate: 'rules-fire', percent: 100 },
      false,
      0,
      ['b'],
    ],
    ['no rules', record([drop]), { gate: 'rules-fire', percent: 100 }, false, null, []],
    [
      'branches enough',
      record([drop], [rule('a', { branches: unproven })]),
      { gate: 'branches', percent: 75 },
      true,
      75,
      [],
    ],
    [
      'branches too few',
      record([drop], [rule('a', { branches: unproven })]),
      { gate: 'branches', percent: 76 },
      false,
      75,
      ['a'],
    ],
    ['no variants', record([drop]), { gate: 'survival', percent: 1 }, false, null, []],
    [
      'variants seen',
      record([drop, seen('drop~writer=dd@t')]),
      { gate: 'survival', percent: 100 },
      true,
      100,
      [],
    ],
    [
      'variants unseen',
      record([drop, lost, seen('drop~writer=tee@t')]),
      { gate: 'survival', percent: 51 },
      false,
      50,
      [lost.id],
    ],
    [
      'only variants count',
      record([drop, hidden, seen('drop~writer=tee@t')]),
      { gate: 'survival', percent: 100 },
      true,
      100,
      [],
    ],
  ])('%s', (_, run, requirement, met, actual, offenders) => {
    const gated = withGates(run, [requirement]);
    const [gate] = gated.gates ?? [];
    expect(gate).toMatchObject({ met, actual });
    expect(gate?.offenders.map(({ id }) => id)).toEqual(offenders);
    expect(
      outcomeOf(withGates({ ...run, rules: run.rules.filter(({ error }) => error === null) }, [requirement])),
    ).toBe(met ? 0 : 1);
    expect(runRecordSchema.parse(gated)).toEqual(gated);
  });

  it('changes nothing where none is asked for', () =>
    expect(withGates(record([drop]), [])).toEqual(record([drop])));
});

describe('reports', () => {
  const gated = withGates(record([drop, lost], [rule('a', { branches: unproven })]), [
    { gate: 'survival', percent: 95 },
    { gate: 'branches', percent: 100 },
    { gate: 'rules-fire', percent: 100 },
  ]);
  const shown = (format: keyof typeof reporters) =>
    reporters[format].render(gated, { color: false, columns: 160 }).output;

  it.each<[keyof typeof reporters, string[]]>([
    [
      'console',
      [
        'NOT MET  survival=95: 0 %, 0 of 1 executed variants are seen',
        'met  rules-fire: 100 %',
        'rules/a.toml:7:3',
      ],
    ],
    [
      'markdown',
      ['| ❌ | `survival=95` | 0 %, 0 of 1 executed variants are seen |', '| ✅ | `rules-fire` |'],
    ],
    [
      'junit',
      [
        '<testcase name="survival=95" classname="requirement.survival"',
        'drop~writer=dd@t: no rule saw this variant',
      ],
    ],
    ['sarif', ['"ruleId": "gate-not-met"', '"startLine": 7', 'unproven alternative: x == 1']],
    ['github', ['file=rules/a.toml,line=7,col=3::unproven', '2 requirements not met']],
  ])('%s tells what was required and what kept it', (format, texts) => {
    for (const text of texts) expect(shown(format)).toContain(text);
  });

  it('counts each gate as one JUnit test, and fails no other', () => {
    const failed = [...shown('junit').matchAll(/<testcase name="([^"]*)"[^>]*>\s*<failure/g)].map(
      ([, name]) => name,
    );
    expect(failed).toEqual(['survival=95', 'branches=100']);
  });
});

describe('--require', () => {
  const command = commands.find(({ name }) => name === 'report');
  const read = (line: string) => {
    if (!command) throw new TypeError('no command report');
    return readReportOptions(parseArguments(command, ['run', ...line.split(' ')])).requirements;
  };

  it.each<[string, Requirement[]]>([
    ['--require attacks-seen', [{ gate: 'attacks-seen', percent: 100 }]],
    [
      '--require attacks-seen=90 --require rules-fire',
      [
        { gate: 'attacks-seen', percent: 90 },
        { gate: 'rules-fire', percent: 100 },
      ],
    ],
    [
      '--require branches=0,survival=99.5',
      [
        { gate: 'branches', percent: 0 },
        { gate: 'survival', percent: 99.5 },
      ],
    ],
  ])('%s', (line, requirements) => expect(read(line)).toEqual(requirements));

  it.each([
    'seen',
    'branches',
    'survival',
    'rules-fire=9',
    'survival=101',
    'survival=x',
    'survival=-1',
    'survival=5,survival=6',
  ])('refuses %s', (given) => {
    expect(() => read(`--require ${given}`)).toThrow(
      expect.objectContaining({ code: 'usage/invalid-value' }),
    );
  });
});
