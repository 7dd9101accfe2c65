// How a service manager is asked: once where what its timers activate can be known before, and what is said where it
// cannot answer.

import { describe, expect, it } from 'vitest';
import type { Target } from '../../../../harness/engine/ports.ts';
import { AtomclockError } from '../../../../harness/model/errors.ts';
import { emptyInventory, type Inventory, type Schedule } from '../../../../harness/model/inventory.ts';
import { askManager, unitNames } from '../../../../harness/telemetry/inventory/manager.ts';
import { parseUnits } from '../../../../harness/telemetry/inventory/units.ts';

interface Answer {
  exitCode?: number;
  stdout?: string;
  stderr?: string;
}

/** A target whose managers answer by systemctl alone, so, with what it was asked. */
function machine(answer: (words: readonly string[]) => Answer) {
  const asked: string[][] = [];
  const users: (string | undefined)[] = [];
  const exec: Target['exec'] = async (argv, options) => {
    asked.push([...argv]);
    users.push(options?.user);
    return { exitCode: 0, stdout: '', stderr: '', startedAt: '', ms: 1, ...answer(argv) };
  };
  const talk: Target['talk'] = () =>
    Promise.reject(new AtomclockError('lab/socket', 'nobody listens', { exitCode: 3 }));
  return { target: { exec, talk } as Target, asked, users };
}

/** A manager that has loaded these timers, each with what it activates. */
const manager = (timers: Readonly<Record<string, string>>) => (words: readonly string[]) => {
  const services = words.slice(words.indexOf('--') + 1).filter((name) => name.endsWith('.service'));
  const loaded = words.includes('*.timer') ? Object.entries(timers) : [];
  return {
    stdout: [
      ...loaded.map(([id, unit]) => `Unit=${unit}\nId=${id}\n`),
      ...services.map((id) => `ExecStart=\nId=${id}\n`),
    ].join('\n'),
  };
};

const timer = (name: string, activates: string, owner?: string): Schedule => ({
  ...{ kind: owner ? 'user-timer' : 'timer', id: owner ? `user-timer:${owner}:${name}` : `timer:${name}` },
  ...{ user: owner ?? 'root', when: '', command: '', file: null },
  unit: { timer: name, activates, active: true, transient: false },
});
const inventoryOf = (...schedules: Schedule[]): Inventory => ({ ...emptyInventory, schedules });

describe('a manager', () => {
  it.each<[string, Record<string, string>, string[], Inventory | undefined, number]>([
    ['no timers', {}, [], undefined, 1],
    ['one that lies where it looks', { 'a.timer': 'a.service' }, ['a.timer'], undefined, 1],
    [
      'one that was there before',
      { 'a.timer': 'x.service' },
      [],
      inventoryOf(timer('a.timer', 'x.service')),
      1,
    ],
    ['one that activates something else', { 'a.timer': 'x.service' }, ['a.timer'], undefined, 2],
    ['one that nobody knew of', { 'b.timer': 'b.service' }, ['a.timer'], undefined, 2],
    [
      'one of a user’s from before',
      { 'a.timer': 'x.service' },
      [],
      inventoryOf(timer('a.timer', 'x.service', 'bob')),
      2,
    ],
  ])('with %s is asked as often as it takes', async (_, timers, names, earlier, times) => {
    const { target, asked } = machine(manager(timers));
    const answer = await askManager(target, null, { names, wanted: [], earlier });
    const { timers: found, activated } = parseUnits(answer?.text ?? '');
    expect(asked).toHaveLength(times);
    expect(found.map(({ Id }) => Id).sort()).toEqual(Object.keys(timers).sort());
    for (const unit of Object.values(timers)) expect([...activated.keys()]).toContain(unit);
    expect(activated.has('cron.service')).toBe(true);
  });

  it('of a user is asked as that user, and not for the daemons of the machine', async () => {
    const { target, asked, users } = machine(manager({}));
    const answer = await askManager(
      target,
      { user: 'bob', uid: '1001' },
      { names: [], wanted: [], earlier: undefined },
    );
    expect(answer?.name).toBe('user-units/bob');
    expect(users).toEqual(['bob']);
    expect(asked.flat()).toContain('--user');
    expect(asked.flat().filter((word) => word.endsWith('.service'))).toEqual([]);
  });

  it('of a user who may not run systemctl is asked by root in the name of that user', async () => {
    const closed = (words: readonly string[]) =>
      words[0] === 'systemctl'
        ? { exitCode: 126, stderr: 'exec systemctl: Permission denied' }
        : manager({ 'a.timer': 'a.service' })(words);
    const { target, asked, users } = machine(closed);
    const answer = await askManager(
      target,
      { user: 'bob', uid: '1001' },
      { names: [], wanted: [], earlier: undefined },
    );
    expect(answer?.problem).toBeUndefined();
    expect(parseUnits(answer?.text ?? '').timers.map(({ Id }) => Id)).toEqual(['a.timer']);
    expect(users[1]).toBeUndefined();
    expect(asked[1]?.slice(0, 2)).toEqual(['setpriv', '--reuid=1001']);
  });

  it('whose systemctl cannot give exact times is asked for those that it can', async () => {
    const old = (words: readonly string[]) =>
      words.some((word) => word.startsWith('--timestamp')) ? { exitCode: 1 } : manager({})(words);
    const { target, asked } = machine(old);
    expect(
      (await askManager(target, null, { names: [], wanted: [], earlier: undefined }))?.problem,
    ).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('that does not answer is told with its words', async () => {
    const { target } = machine(() => ({ exitCode: 1, stderr: 'Failed to connect to bus: no\n' }));
    expect(await askManager(target, null, { names: [], wanted: [], earlier: undefined })).toEqual({
      name: 'system-units',
      text: null,
      problem: 'systemctl show: Failed to connect to bus: no',
    });
  });

  it('is none where there is no systemctl', async () => {
    const { target } = machine(() => ({ exitCode: 127 }));
    expect(await askManager(target, null, { names: [], wanted: [], earlier: undefined })).toBeNull();
  });
});

it.each([
  ['a.timer', true],
  ['a@b.timer', true],
  ['a-b_c:d.e.timer', true],
  ['a@.timer', false],
  ['-a.timer', false],
  ['.timer', false],
  ['.a.timer', false],
  ['a b.timer', false],
  ['a\n.timer', false],
  ['a$x.timer', false],
  ['a.service', false],
])('a file called %j is a unit to ask for: %s', (path, isUnit) => {
  expect(unitNames([path, path])).toEqual(isUnit ? [path] : []);
});
