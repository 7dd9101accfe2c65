// The matchers on recorded evidence: what holds, and what a failure tells.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtomclockError } from '../../../harness/library/index.ts';
import { type Detonation, Detonations, recorded } from '../../../harness/library/vitest.ts';
import type { MitigationRecord, RunRecord } from '../../../harness/model/run-record.ts';
import { recordRun } from '../main/recorded-run.ts';
import { sampleRecord } from '../report/fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'atomclock-library-'));
afterAll(() => rmSync(folder, { recursive: true }));
const run = join(folder, 'run');

const ruleOn = (path: string): string => `file where file.path : "${path}"`;
beforeAll(() =>
  recordRun(run, {
    tables: { 'cron-drop@debian12': '/etc/cron.d/x', 'cron-other@debian12': '/etc/cron.d/other' },
    rules: [
      { file: 'on-x.eql', text: ruleOn('/etc/cron.d/x') },
      { file: 'on-y.eql', text: ruleOn('/etc/cron.d/y') },
      { file: 'broken.eql', text: 'file where' },
      { file: 'elsewhere.eql', text: 'registry where true' },
    ],
  }),
);

const failure = (claim: () => void): string => {
  try {
    claim();
  } catch (error) {
    return (error as Error).message;
  }
  throw new RangeError('expected the claim to fail');
};

describe('recorded evidence', () => {
  it('says in the message, which is all that Vitest shows, what to do about a wrong name', async () => {
    const past = await recorded(run);
    await expect(past.case('cron-dorp')).rejects.toThrow(
      /^the run has no case cron-dorp\n {2}Did you mean cron-drop/,
    );
    const odd = { rule: run } as unknown as Parameters<typeof recorded>[1];
    await expect(recorded(run, odd)).rejects.toThrow(/^recorded has no option rule\n {2}.*\brules\b/);
  });

  it('has each case by its id, and by what is enough of it', async () => {
    const past = await recorded(run);
    expect(past.ids).toEqual(['cron-drop@debian12', 'cron-other@debian12']);
    for (const name of ['cron-drop@debian12', 'cron-drop', 'Cron-Drop@debian12'])
      expect((await past.case(name)).case.id).toBe('cron-drop@debian12');
  });

  it.each([
    ['cron-drp', 'library/no-case', 'Did you mean cron-drop?'],
    ['at-stdin@debian12+at-allow', 'library/no-case', 'Its cases: cron-drop@debian12, cron-other@debian12.'],
  ])('has no case %s', async (name, code, hint) => {
    await expect((await recorded(run)).case(name)).rejects.toMatchObject({ code, hint, exitCode: 4 });
  });

  it('meets what it did, and what saw it', async () => {
    const drop = await (await recorded(run)).case('cron-drop');
    expect(drop).toExecute();
    expect(drop).toBeSeen();
    expect(drop).toFire('on-x');
    expect(drop).not.toFire('on-y');
    expect(drop).not.toBeInert();
  });

  it('tells of a rule that stayed silent which event came closest, and what failed on it', async () => {
    const drop = await (await recorded(run)).case('cron-drop');
    expect(failure(() => expect(drop).toFire('on-y'))).toBe(
      [
        'expected cron-drop@debian12 to fire on-y',
        'on-y did not fire on events of cron-drop@debian12, which was executed',
        '  on-y does not match ebpf-4',
        '    - file.path is "/etc/cron.d/y" (any case); saw file.path "/etc/cron.d/x" (on-y.eql:1:12)',
      ].join('\n'),
    );
  });

  it('tells of a claim that was not to hold what was seen', async () => {
    const drop = await (await recorded(run)).case('cron-drop');
    expect(failure(() => expect(drop).not.toFire('on-x'))).toBe(
      'expected cron-drop@debian12 not to fire on-x\non-x fired on ebpf-4 of cron-drop@debian12',
    );
    expect(failure(() => expect(drop).not.toExecute())).toMatch(
      /^expected cron-drop@debian12 not to execute\n.* was executed: cron launched '.*' as root after \d+ ms \(ebpf-\d+\)$/,
    );
    expect(failure(() => expect(drop).toBeInert())).toMatch(/^expected cron-drop@debian12 to be inert\n/);
  });

  it('shows the nearest of all rules where none saw it', async () => {
    const other = await (await recorded(run)).case('cron-other');
    const said = failure(() => expect(other).toBeSeen());
    expect(said).toMatch(/^expected cron-other@debian12 to be seen\nno rule fired on events of/);
    expect(said).toMatch(/ {2}on-x does not match ebpf-4\n.*saw file\.path "\/etc\/cron\.d\/other"/);
    expect(said).not.toMatch(/elsewhere/);
    expect(other).not.toBeSeen();
  });

  it.each([
    ['on-z', /no rule on-z was judged\n {2}Did you mean on-x\?/],
    ['broken', /broken cannot be used\n {2}.*broken\.eql:1:/],
    ['elsewhere', /elsewhere was not judged: no sensor provides its log source/],
  ])('fails %s both ways: nobody can tell whether it would have fired', async (rule, why) => {
    const drop = await (await recorded(run)).case('cron-drop');
    expect(failure(() => expect(drop).toFire(rule))).toMatch(why);
    expect(failure(() => expect(drop).not.toFire(rule))).toMatch(why);
  });

  it('is judged by other rules', async () => {
    const rules = join(folder, 'mine.eql');
    writeFileSync(rules, ruleOn('/etc/cron.d/other'));
    const past = await recorded(run, { rules });
    expect(await past.case('cron-other')).toFire('mine');
    const drop = await past.case('cron-drop');
    expect(failure(() => expect(drop).toFire('mine'))).toMatch(/mine\.eql:1:12/);
  });

  it('of a broken rule by its own file tells why', async () => {
    const rules = join(folder, 'odd.eql');
    writeFileSync(rules, 'file were true');
    const drop = await (await recorded(run, { rules })).case('cron-drop');
    expect(failure(() => expect(drop).toFire('odd'))).toMatch(/odd\.eql:1:\d+: error: /);
  });
});

/** Detonations of a record, without evidence. */
const detonationsOf = (record: RunRecord): Detonations =>
  new Detonations({ record, findings: [], problems: [], exitCode: 0 }, async () => null);

const withPair = (change: Partial<MitigationRecord>): Promise<Detonation> => {
  const record = sampleRecord();
  const pair = record.mitigations.find(({ case: id }) => id === 'at-stdin@debian12+at-allow');
  if (!pair) throw new RangeError('the sample has no such pair');
  record.mitigations = [{ ...pair, control: 'executed', treated: 'refused', ...change }];
  return detonationsOf(record).case('at-stdin+at-allow');
};

describe('an attack under a mitigation', () => {
  it('is asked about where it was run under it, with its control beside it', async () => {
    const treated = await withPair({});
    expect([treated.case.id, treated.control?.id]).toEqual([
      'at-stdin@debian12+at-allow',
      'at-stdin@debian12',
    ]);
  });

  it.each<[string, Partial<MitigationRecord>, 'blocks' | 'does not' | 'nobody can tell', RegExp]>([
    ['blocks', { verdict: 'blocks', reason: 'You do not have permission' }, 'blocks', /blocks: You do not/],
    [
      'is got by',
      { verdict: 'bypassed', treated: 'executed', reason: 'it ran' },
      'does not',
      /executed under it\n {2}bypassed: it ran/,
    ],
    [
      'breaks use',
      {
        verdict: 'overblocks',
        reason: 'r',
        legitimate: [{ name: 'backup', works: false, detail: 'exit 1' }],
      },
      'does not',
      /overblocks: r\n {2}no longer works: backup \(exit 1\)/,
    ],
    [
      'never claimed it',
      { verdict: 'notClaimed', reason: 'it does not claim' },
      'does not',
      /notClaimed: it does not claim/,
    ],
    [
      'could not be told',
      { verdict: 'errored', reason: 'lost events' },
      'nobody can tell',
      /cannot be told\n {2}lost events/,
    ],
  ])('whose mitigation %s', async (_, change, holds, why) => {
    const treated = await withPair(change);
    const says = [
      () => expect(treated).toBeBlockedBy('at-allow'),
      () => expect(treated).not.toBeBlockedBy('at-allow'),
    ];
    const [is, isNot] = says as [() => void, () => void];
    if (holds === 'blocks') is();
    else expect(failure(is)).toMatch(why);
    if (holds === 'does not') isNot();
    else expect(failure(isNot)).toMatch(why);
  });

  it('of several credits the one that was seen', async () => {
    const members = [
      { id: 'at-allow', attack: 'M1018', claims: true, seen: 'no permission' },
      { id: 'cron-allow', attack: 'M1018', claims: false, seen: null },
    ];
    const record = sampleRecord();
    const [pair] = record.mitigations.filter(({ case: id }) => id === 'at-stdin@debian12+at-allow');
    record.mitigations = [
      {
        ...(pair as MitigationRecord),
        id: 'at-allow+cron-allow',
        verdict: 'blocks',
        reason: 'no permission',
        members,
      },
    ];
    const treated = await detonationsOf(record).case('at-stdin+at-allow');
    expect(treated).toBeBlockedBy('at-allow+cron-allow');
    expect(treated).toBeBlockedBy('at-allow');
    expect(treated).not.toBeBlockedBy('cron-allow');
    expect(failure(() => expect(treated).toBeBlockedBy('cron-allow'))).toMatch(
      /what is seen stopping it is at-allow's: no permission$/,
    );
  });

  const wrote = 'type=SYSCALL … key="at-use"';
  const audited = { id: 'audit-at', attack: 'M1047', claims: false, seen: null };
  const stops = { id: 'at-allow', attack: 'M1018', claims: true, seen: 'no permission' };

  it.each<[string, Partial<MitigationRecord>, 'recorded' | 'not' | 'nobody can tell', RegExp]>([
    ['records it', { verdict: 'records', reason: wrote }, 'recorded', /records: type=SYSCALL/],
    ['does not', { verdict: 'unrecorded', reason: 'no record' }, 'not', /unrecorded: no record/],
    ['stops it instead', { verdict: 'blocks', reason: 'denied' }, 'not', /blocks: denied/],
    ['could not be told', { verdict: 'errored', reason: 'lost' }, 'nobody can tell', /told\n {2}lost/],
    [
      'records it beside one that stops it',
      {
        id: 'at-allow+audit-at',
        verdict: 'blocks',
        members: [stops, { ...audited, records: { key: 'at-use', seen: wrote } }],
      },
      'recorded',
      /type=SYSCALL/,
    ],
    [
      'has no record beside one that stops it',
      {
        id: 'at-allow+audit-at',
        verdict: 'blocks',
        members: [stops, { ...audited, records: { key: 'at-use', seen: null } }],
      },
      'not',
      /no record of it has the key at-use/,
    ],
    [
      'says nothing of a record beside one that stops it',
      { id: 'at-allow+audit-at', verdict: 'blocks', members: [stops, audited] },
      'not',
      /audit-at says of no record/,
    ],
  ])('that puts on record: %s', async (_, change, holds, why) => {
    const treated = await withPair({ id: 'audit-at', treated: 'executed', ...change });
    const is = () => expect(treated).toBeRecordedBy('audit-at');
    const isNot = () => expect(treated).not.toBeRecordedBy('audit-at');
    if (holds === 'recorded') is();
    else expect(failure(is)).toMatch(why);
    if (holds === 'not') isNot();
    else expect(failure(isNot)).toMatch(why);
    if (holds === 'nobody can tell') return;
    expect(failure(() => expect(treated).toBeRecordedBy('cron-allow'))).toMatch(/not run under cron-allow/);
  });

  it('fails both ways for one under which it was not run', async () => {
    const treated = await withPair({});
    for (const claim of [
      () => expect(treated).toBeBlockedBy('cron-allow'),
      () => expect(treated).not.toBeBlockedBy('cron-allow'),
    ])
      expect(failure(claim)).toMatch(/was not run under cron-allow\n {2}It was run under: at-allow\./);
  });
});

it.each(['errored', null] as const)(
  'a case that is %s holds no claim and no contrary',
  async (observation) => {
    const record = sampleRecord();
    const one = record.cases.find(({ id }) => id === 'at-stdin@debian12');
    Object.assign(one as object, {
      observation,
      proof: null,
      seenBy: [],
      detections: [],
      reasons: ['because'],
    });
    const detonation = await detonationsOf(record).case('at-stdin@debian12');
    for (const claim of [
      () => expect(detonation).toExecute(),
      () => expect(detonation).not.toExecute(),
      () => expect(detonation).toBeInert(),
      () => expect(detonation).not.toBeInert(),
      () => expect(detonation).toBeSeen(),
      () => expect(detonation).not.toBeSeen(),
    ])
      expect(failure(claim)).toMatch(/because/);
  },
);

it.each([
  [Promise.resolve(), /got a promise: await it/],
  [undefined, /got undefined/],
])('says what it expected instead of %s', (received, message) => {
  const claim = () => expect(received).toExecute();
  expect(claim).toThrow(AtomclockError);
  expect(claim).toThrow(message);
});
