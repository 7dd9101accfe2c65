// Which rules survive variants, at what cost they are evaded, and what they claim by their fields.

import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../harness/cli/outcome.ts';
import { type Known, robustnessOf } from '../../../harness/engine/judge/robustness.ts';
import { claimedLevel, levelOfChanges } from '../../../harness/engine/judge/robustness-levels.ts';
import { mergeRuns } from '../../../harness/engine/record/merge.ts';
import type { CaseRecord, RunRecord } from '../../../harness/model/run-record.ts';
import { recordOf } from '../../../harness/model/run-summary.ts';
import { summarizeVariants } from '../../../harness/model/variant-summary.ts';
import { findingsOf } from '../../../harness/report/findings.ts';
import { loadRules } from '../../../harness/rules/index.ts';
import { aCaseRecord } from './case-record.ts';
import { runFacts } from './content.ts';

const seen = (id: string, ...seenBy: string[]) => aCaseRecord(id, { seenBy });
const known: Known = {
  rules: ['a', 'b'],
  claimed: (rule) => (rule === 'a' ? '4K' : null),
  why: (rule, variant) => `${rule} missed ${variant}`,
  evasions: () => undefined,
};
const tee = 'drop~writer=tee@t';
const dd = 'drop~writer=dd@t';
const dot = 'drop~alias=dot@t';

describe('robustnessOf', () => {
  it('counts the executed variants of what a rule sees, whole and by axis', () => {
    const cases = [
      seen('drop@t', 'a'),
      aCaseRecord(tee, { seenBy: ['a'], changes: ['program'] }),
      aCaseRecord(dd, { changes: ['program', 'arguments'] }),
      aCaseRecord(dot, { seenBy: ['b'], changes: ['file-operation'] }),
    ];
    expect(robustnessOf(cases, known)).toEqual([
      {
        rule: 'a',
        bases: ['drop@t'],
        executed: 3,
        survived: 1,
        axes: { writer: { executed: 2, survived: 1 }, alias: { executed: 1, survived: 0 } },
        cheapest: { case: dd, axis: 'writer', value: 'dd', why: `a missed ${dd}` },
        level: { claimed: '4K', measured: '3' },
      },
    ]);
  });

  it('holds documented misses against what was measured', () => {
    const cases = [
      seen('drop@t', 'a', 'b'),
      aCaseRecord(tee, { seenBy: ['a', 'b'] }),
      aCaseRecord(dd, { seenBy: ['b'] }),
      aCaseRecord(dot, { seenBy: ['b'] }),
    ];
    const evades = [
      { axis: 'writer', values: ['tee', 'dd', 'perl'], why: 'It looks for cat.' },
      { axis: 'place', values: ['etc'], why: 'Nothing of it ran.' },
    ];
    const evasions = (rule: string) => (rule === 'a' ? evades : undefined);
    const [a, b] = robustnessOf(cases, { ...known, evasions });
    expect(a).toMatchObject({
      evades,
      undocumented: [dot],
      outdated: [{ axis: 'writer', value: 'tee' }],
    });
    // Nobody documents a rule of somebody else.
    for (const key of ['evades', 'undocumented', 'outdated']) expect(b).not.toHaveProperty(key);
    expect(robustnessOf(cases, { ...known, evasions: () => [] })[0]).toMatchObject({
      undocumented: [dd, dot],
    });
  });

  it('a documented miss that is seen after all fails the run', () => {
    const cases = [seen('drop@t', 'a'), aCaseRecord(tee, { seenBy: ['a'] })];
    const rules = [
      {
        ...{ id: '', slug: 'a', title: '', language: 'eql', file: 'detections/a.toml', bundled: true },
        ...{ technique: [], analytics: [], firedIn: [], falsePositives: [], crossTalk: [], matches: [] },
        ...{ error: null, branches: { total: 0, proven: 0, unproven: [] } },
      } satisfies RunRecord['rules'][number],
    ];
    const withDocumented = (values: string[]) =>
      recordOf({
        ...{ run: runFacts, cases, mitigations: [], rules },
        robustness: robustnessOf(cases, {
          ...known,
          evasions: () => [{ axis: 'writer', values, why: 'It looks for cat.' }],
        }),
      });
    expect(outcomeOf(withDocumented(['dd']))).toBe(0);
    expect(outcomeOf(withDocumented(['tee']))).toBe(1);
    expect(findingsOf(withDocumented(['tee']))).toMatchObject([
      { about: 'rule', id: 'a', severity: 'fail', reasons: [expect.stringContaining('writer=tee')] },
    ]);
  });

  it.each<[string, CaseRecord[]]>([
    ['its base is not seen', [seen('drop@t'), seen(tee, 'a')]],
    ['its base is not there', [seen(tee, 'a')]],
    [
      'its base did not execute',
      [aCaseRecord('drop@t', { observation: 'inert', seenBy: ['a'] }), seen(tee, 'a')],
    ],
    ['its base is another target', [seen('drop@u', 'a'), seen(tee, 'a')]],
    [
      'it did not execute',
      [seen('drop@t', 'a'), aCaseRecord(tee, { observation: 'refused', seenBy: ['a'] })],
    ],
    ['it was under a mitigation', [seen('drop@t', 'a'), seen('drop~writer=tee@t+m', 'a')]],
    ['it is benign', [seen('drop@t', 'a'), aCaseRecord(tee, { kind: 'benign', seenBy: ['a'] })]],
    ['there is none', [seen('drop@t', 'a')]],
  ])('a variant counts for nobody where %s', (_, cases) => {
    expect(robustnessOf(cases, known)).toEqual([]);
  });

  it.each<[string, [string, Parameters<typeof aCaseRecord>[1]][], string | undefined, string | null]>([
    [
      'the cheaper change',
      [
        [dd, { changes: ['place'] }],
        [dot, { changes: ['path-text'] }],
      ],
      dot,
      '1',
    ],
    [
      'the fewer changes',
      [
        [dd, { changes: ['program', 'name'] }],
        [tee, { changes: ['program'] }],
      ],
      tee,
      '3',
    ],
    [
      'the fewer axes',
      [
        ['drop~a=b~c=d@t', { changes: ['name'] }],
        [tee, { changes: ['place'] }],
      ],
      tee,
      '4',
    ],
    [
      'the first of those alike',
      [
        [tee, { changes: ['program'] }],
        [dd, { changes: ['lineage'] }],
      ],
      tee,
      '3',
    ],
    [
      'nothing, and stands one above what it withstood',
      [
        [dd, { changes: ['name'], seenBy: ['a'] }],
        [tee, { changes: ['program'], seenBy: ['a'] }],
      ],
      undefined,
      '4',
    ],
    ['nothing, at the highest level', [[dd, { changes: ['place'], seenBy: ['a'] }]], undefined, '5'],
    ['what nobody knows the cost of', [[dd, {}]], dd, null],
  ])('is evaded by %s', (_, variants, id, measured) => {
    const [record] = robustnessOf(
      [seen('drop@t', 'a'), ...variants.map(([one, over]) => aCaseRecord(one, over))],
      known,
    );
    expect([record?.cheapest?.case, record?.level.measured]).toEqual([id, measured]);
  });

  it('is the same when shards are merged', () => {
    const shard = (at: number, cases: CaseRecord[]): RunRecord => {
      const run = { ...runFacts, id: `${at}`, shard: `${at}/2` };
      const rules = ['a', 'b'].map((slug): RunRecord['rules'][number] => ({
        ...{
          id: slug,
          slug,
          title: slug,
          language: 'eql',
          file: `${slug}.eql`,
          technique: [],
          analytics: [],
        },
        ...{ firedIn: [], falsePositives: [], crossTalk: [], matches: [], error: null },
        branches: { total: 0, proven: 0, unproven: [] },
      }));
      return recordOf({ run, cases, mitigations: [], rules, robustness: robustnessOf(cases, known) });
    };
    const [one, two] = [
      [seen('drop@t', 'a'), aCaseRecord(dd, { changes: ['place'] }), aCaseRecord(dot, { seenBy: ['a'] })],
      [seen('other@t', 'a', 'b'), aCaseRecord('other~alias=dot@t', { changes: ['path-text'] })],
    ];
    const merged = mergeRuns([shard(2, two), shard(1, one)]);
    expect(merged.robustness).toEqual(robustnessOf([...one, ...two], known));
    expect(merged.summary.variants).toEqual(summarizeVariants([...one, ...two]));
  });
});

describe('summarizeVariants', () => {
  it('counts what became of them, and the rules that see them together', () => {
    const cases = [
      seen('drop@t', 'z'),
      seen(tee, 'a', 'b'),
      seen(dd, 'b'),
      seen(dot, 'c'),
      seen('drop~alias=root@t'),
      aCaseRecord('drop~alias=cwd@t', { observation: 'inert' }),
      aCaseRecord('drop~alias=fd@t', { observation: 'refused' }),
      aCaseRecord('drop~alias=at@t', { observation: 'errored' }),
      aCaseRecord('drop~alias=no@t', { observation: null }),
      seen('drop~writer=tee@t+m', 'a'),
    ];
    expect(summarizeVariants(cases)).toEqual({
      ...{ executed: 4, seen: 3, inert: 1, refused: 1, errored: 1 },
      axes: {
        writer: { executed: 2, seen: 2, inert: 0, refused: 0, errored: 0 },
        alias: { executed: 2, seen: 1, inert: 1, refused: 1, errored: 1 },
      },
      cover: [
        { rule: 'b', adds: 2 },
        { rule: 'c', adds: 1 },
      ],
    });
  });

  it('says nothing where no variant ran', () =>
    expect(summarizeVariants([seen('drop@t', 'a')])).toBeUndefined());
});

describe('claimedLevel', () => {
  const levelOf = (query: string) => {
    const { rules } = loadRules([{ file: 'r.eql', text: query }], { fields: 'ecs' });
    const [rule] = rules;
    if (!rule) throw new TypeError(`cannot be used: ${query}`);
    return claimedLevel(rule, rules);
  };

  it.each<[string, string | null]>([
    ['file where file.path like "/etc/cron.d/*"', '4K'],
    ['file where file.name == "job"', '1K'],
    ['file where host.os.type == "linux" and event.action == "creation"', null],
    // `and` is as weak as its weakest part, `or` as strong as its strongest.
    ['file where file.path like "/etc/*" and file.extension == "timer"', '1K'],
    ['file where file.path like "/etc/*" or file.extension == "timer"', '4K'],
    ['process where process.args == "-e" and process.name == "crontab"', '1K'],
    ['process where process.args == "-e"', '3K'],
    // An exclusion of several is as weak as the weakest of them.
    ['file where file.path like "/etc/*" and not process.executable == "/usr/bin/dpkg"', '2K'],
    [
      'file where file.path like "/etc/*" and not (process.executable == "/usr/bin/dpkg" or process.name == "apt")',
      '1K',
    ],
    [
      'file where file.path like "/etc/*" and not (process.executable == "/usr/bin/dpkg" and process.name == "apt")',
      '2K',
    ],
    ['file where not not file.path like "/etc/*"', '4K'],
    // The scheduler's own process is nobody's to choose; a program that is only called like it is.
    ['process where process.parent.executable == "/usr/sbin/cron"', '5K'],
    ['process where process.parent.executable == "/opt/cron"', '2K'],
    ['process where process.parent.name == "cron"', '1K'],
    ['sequence by host.id [file where file.path like "/etc/*"] [process where process.name == "sh"]', '1K'],
  ])('%s: %s', (query, level) => expect(levelOf(query)).toBe(level));
});

it.each([
  [['shell-text'], 1],
  [['path-text', 'program'], 3],
  [['name', 'file-operation'], 4],
] as const)('changes of %j cost %s', (changes, level) => expect(levelOfChanges(changes)).toBe(level));
