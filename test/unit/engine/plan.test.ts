import { describe, expect, it } from 'vitest';
import { type PlanRequest, planCases, planRun } from '../../../harness/engine/run/plan.ts';
import { aMitigation, anAtomic, anExpectation } from './content.ts';

const first = anAtomic({ slug: 'first', guid: '00000000-0000-4000-8000-000000000001' });
const second = anAtomic({ slug: 'second', guid: '00000000-0000-4000-8000-000000000002' });
const twin = anAtomic({ slug: 'twin', guid: '00000000-0000-4000-8000-000000000003', kind: 'benign' });
const stopsFirst = aMitigation({ id: 'stopper', stops: ['first'] });

const planRequest = (over: Partial<PlanRequest>): PlanRequest => ({
  atomics: [first, second, twin],
  expectations: new Map(),
  targets: ['debian12'],
  families: new Map(),
  mitigations: [[stopsFirst]],
  mitigationMode: 'declared',
  shard: null,
  ...over,
});
const plan = (over: Partial<PlanRequest>) => planCases(planRequest(over));
const procedures = (over: Partial<PlanRequest>) => plan(over).filter((one) => one.kind !== 'idle');
const ids = (over: Partial<PlanRequest>) => plan(over).map(({ id }) => id);

describe('planCases', () => {
  it('puts an idle control before the cases of each target', () => {
    expect(ids({ targets: ['debian12', 'debian13'] }).filter((id) => id.startsWith('idle'))).toEqual([
      'idle@debian12',
      'idle@debian13',
    ]);
  });

  it('holds a mitigation against what it says it stops', () => {
    expect(ids({})).toEqual([
      'idle@debian12',
      'first@debian12',
      'first@debian12+stopper',
      'second@debian12',
      'twin@debian12',
    ]);
  });

  it.each([
    ['a slug', 'first'],
    ['a slug in capitals', 'FIRST'],
    ['a GUID', 'abcdef00-0000-4000-8000-000000000001'],
    ['a GUID in capitals', 'ABCDEF00-0000-4000-8000-000000000001'],
  ])('knows what a mitigation stops by %s', (_, reference) => {
    const atomics = [{ ...first, guid: 'abcdef00-0000-4000-8000-000000000001' }, second];
    const mitigations = [[aMitigation({ id: 'stopper', stops: [reference] })]];
    expect(ids({ atomics, mitigations }).filter((id) => id.includes('+'))).toEqual([
      'first@debian12+stopper',
    ]);
  });

  it('deals shards by durations so that none is parted from what it is compared with, and all know the whole order', () => {
    const durations = new Map(
      plan({}).flatMap(({ id }, at): [string, number][] => (at % 2 ? [[id, 1000 * at]] : [])),
    );
    const plans = [1, 2].map((index) => planRun(planRequest({ shard: { index, count: 2 }, durations })));
    const order = plans[0]?.dealtFrom ?? [];
    expect(plans[1]?.dealtFrom).toEqual(order);
    expect(new Set(plans.flatMap(({ cases }) => cases.map(({ id }) => id)))).toEqual(
      new Set(plan({}).map(({ id }) => id)),
    );
    for (const { cases } of plans) {
      const controls = new Set(cases.map(({ id }) => id));
      for (const { id } of cases) expect(controls).toContain(id.split('+')[0]);
    }
    expect(planRun(planRequest({ shard: { index: 1, count: 2 } })).dealtFrom).toBeNull();
  });

  it('holds every mitigation against every attack in the full matrix, never against a benign twin', () => {
    expect(ids({ mitigationMode: 'all' }).filter((id) => id.includes('+'))).toEqual([
      'first@debian12+stopper',
      'second@debian12+stopper',
    ]);
  });

  it.each([
    ['one that one member claims', 'declared', ['first', 'nothing'], undefined, ['first@debian12+a+b']],
    ['what no member claims', 'declared', ['nothing', 'nothing'], undefined, []],
    [
      'everything in the full matrix',
      'all',
      ['nothing', 'nothing'],
      undefined,
      ['first@debian12+a+b', 'second@debian12+a+b'],
    ],
    ['nothing where one member is for other targets', 'all', ['first', 'first'], ['debian13'], []],
  ] as const)(
    'holds a composition against %s',
    (_, mitigationMode, [stopsOne, stopsOther], targets, wanted) => {
      const one = aMitigation({ id: 'a', stops: [stopsOne] });
      const other = {
        ...aMitigation({ id: 'b', stops: [stopsOther] }),
        ...(targets && { targets: [...targets] }),
      };
      const planned = procedures({ mitigations: [[one, other]], mitigationMode });
      const treated = planned.filter(({ mitigations }) => mitigations.length > 0);
      expect(treated.map(({ id }) => id)).toEqual(wanted);
      for (const { key, mitigations } of treated) {
        expect(key.mitigations).toEqual(['a', 'b']);
        expect(mitigations).toEqual([one, other]);
      }
    },
  );

  it('leaves mitigations out on demand', () => {
    expect(ids({ mitigationMode: 'none' }).some((id) => id.includes('+'))).toBe(false);
  });

  it('splits by atomic, so that a mitigation stays with its control, and every part has the idle control', () => {
    const parts = [1, 2, 3].map((index) => ids({ shard: { index, count: 3 } }));
    expect(parts).toEqual([
      ['idle@debian12', 'first@debian12', 'first@debian12+stopper'],
      ['idle@debian12', 'second@debian12'],
      ['idle@debian12', 'twin@debian12'],
    ]);
  });

  it('skips, with the reason, what cannot run here', () => {
    const windows = anAtomic({
      slug: 'first',
      guid: first.guid,
      unsupported: 'supported platforms: windows',
    });
    const [skipped, ...treated] = procedures({ atomics: [windows] });
    expect(skipped?.skipped).toBe('supported platforms: windows');
    expect(treated).toEqual([]);
    const elsewhere = new Map([[first.guid, anExpectation({ targets: ['debian13'] })]]);
    expect(procedures({ atomics: [first], expectations: elsewhere })[0]?.skipped).toContain('debian13');
  });

  it('runs a foreign atomic as an ordinary user unless it asks for elevation', () => {
    const plain = anAtomic({ slug: 'first', foreign: true });
    const elevated = anAtomic({ slug: 'second', foreign: true, elevationRequired: true });
    expect(
      procedures({ atomics: [plain, elevated], mitigationMode: 'none' }).map(({ user }) => user),
    ).toEqual(['alice', 'root']);
  });

  it("lets an ordinary user act in root's place where a target withholds root", () => {
    const named = new Map([[second.guid, anExpectation({ user: 'bob' })]]);
    const users = (actors: Map<string, string>) =>
      procedures({ atomics: [first, second], expectations: named, actors, mitigationMode: 'none' }).map(
        ({ user }) => user,
      );
    expect(users(new Map())).toEqual(['root', 'bob']);
    expect(users(new Map([['debian12', 'alice']]))).toEqual(['alice', 'bob']);
  });

  it("gives a foreign atomic that talks to the user's manager one", () => {
    const needs = (command: string) =>
      procedures({ atomics: [anAtomic({ slug: 'first', foreign: true, command })] })[0]?.needsUserManager;
    expect(needs('systemd-run --user --on-active=1 true')).toBe(true);
    expect(needs('systemctl start x.timer')).toBe(false);
  });

  it('expects on the targets of a family what is otherwise there, and nothing of it elsewhere', () => {
    const written = anExpectation({
      slug: 'first',
      artifacts: [{ path: '/a', action: 'creation' }],
      detects: ['one'],
      families: { cronie: { artifacts: [{ path: '/b', action: 'creation' }] }, busybox: { detects: [] } },
    });
    const planned = plan({
      atomics: [first],
      expectations: new Map([[first.guid, written]]),
      targets: ['debian12', 'debian13-cronie', 'both'],
      families: new Map([
        ['debian13-cronie', ['cronie']],
        ['both', ['busybox', 'cronie']],
      ]),
      mitigationMode: 'none',
    });
    const procedures = planned.filter((one) => one.kind !== 'idle');
    const expected = procedures.flatMap(({ expectation, target }) =>
      expectation ? [[target, expectation.artifacts[0]?.path, expectation.detects]] : [],
    );
    expect(expected).toEqual([
      ['debian12', '/a', ['one']],
      ['debian13-cronie', '/b', ['one']],
      ['both', '/b', []],
    ]);
    expect(procedures.filter(({ expectation }) => expectation && 'families' in expectation)).toEqual([]);
  });
});

describe('mitigations of a plan', () => {
  const treated = (over: Partial<PlanRequest>) =>
    procedures(over).filter(({ mitigations }) => mitigations.length > 0);
  const tagged = { ...first, tags: ['cron'] };

  it('are held against what they claim by a tag, and against their declared bypasses', () => {
    const stop = { tag: 'cron', stage: 'submission' as const, reason: 'no' };
    const mitigation = { ...stopsFirst, stops: [stop], bypasses: [{ how: 'around', atomic: 'second' }] };
    const planned = treated({ atomics: [tagged, second, twin], mitigations: [[mitigation]] });
    expect(planned.map(({ id }) => id)).toEqual(['first@debian12+stopper', 'second@debian12+stopper']);
  });

  it('are held against nothing that is never launched, unless they name it', () => {
    const inert = anExpectation({ slug: 'first', observation: 'inert' });
    const expectations = new Map([[first.guid, inert]]);
    const other = aMitigation({ id: 'other', stops: ['second'] });
    const over = { expectations, mitigationMode: 'all' as const };
    expect(treated({ ...over, mitigations: [[other]] }).map(({ id }) => id)).toEqual([
      'second@debian12+other',
    ]);
    expect(treated({ ...over, mitigations: [[stopsFirst]] }).map(({ id }) => id)).toEqual([
      'first@debian12+stopper',
      'second@debian12+stopper',
    ]);
  });

  it('are what they are on the families of the target, and absent where they cannot be applied', () => {
    const mitigation = {
      ...stopsFirst,
      families: {
        cronie: { apply: { command: 'otherwise', user: 'root' } },
        busybox: { notApplicable: 'no lists' },
      },
    };
    const families = new Map([
      ['one', ['cronie']],
      ['two', ['busybox']],
    ]);
    const planned = treated({ mitigations: [[mitigation]], families, targets: ['debian12', 'one', 'two'] });
    expect(planned.map(({ id, mitigations }) => [id, mitigations[0]?.apply?.command])).toEqual([
      ['first@debian12+stopper', 'true'],
      ['first@one+stopper', 'otherwise'],
    ]);
  });

  it('have legitimate use tried once for each composition and target, where one claims, in each shard', () => {
    const mitigations = [[aMitigation({ id: 'm', stops: ['second'] })], [stopsFirst]];
    const where = (over: Partial<PlanRequest>) =>
      treated({ mitigations, mitigationMode: 'all', ...over }).map(({ id, legitimateIn }) => [
        id,
        legitimateIn,
      ]);
    expect(where({})).toEqual([
      ['first@debian12+m', 'second@debian12+m'],
      ['first@debian12+stopper', undefined],
      ['second@debian12+m', undefined],
      ['second@debian12+stopper', 'first@debian12+stopper'],
    ]);
    expect(
      where({ shard: { index: 2, count: 2 }, atomics: [first, second] }).every(([, other]) => !other),
    ).toBe(true);
  });

  it('change who attacks where their profile says so', () => {
    const profile = {
      capabilities: [],
      withoutCapabilities: [],
      noNewPrivileges: false,
      readOnlyRoot: false,
      tmpfs: {},
      user: 'bob',
    };
    const [control, under] = procedures({ mitigations: [[{ ...stopsFirst, profile }]] });
    expect([control, under].map((one) => one?.kind === 'attack' && one.user)).toEqual(['root', 'bob']);
  });
});
