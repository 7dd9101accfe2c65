// A service manager that the attack starts by hand: its timers are proven launches once it has told of them itself.

import { describe, expect, it } from 'vitest';
import { findProof } from '../../../harness/engine/proof/observe.ts';
import { EventLog } from '../../../harness/engine/run/event-log.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import type { Schedule } from '../../../harness/model/inventory.ts';
import { exec, exit, file, fork, process } from './events.ts';
import { attributed, foreign, pid1, story } from './story.ts';
import { before, waitIn } from './wait.ts';

const manager = (shell: ProcessFields) =>
  process({
    pid: 300,
    executable: '/usr/lib/systemd/systemd',
    args: ['/usr/lib/systemd/systemd', '--user'],
    parent: shell,
  });
const job = (shell: ProcessFields, pid = 301) =>
  process({ pid, executable: '/usr/bin/touch', args: ['/usr/bin/touch', '/srv/ev'], parent: manager(shell) });
const launched = (shell: ProcessFields) => [
  fork(job(shell)),
  exec(job(shell), { cgroup: 'own.service' }),
  exit(job(shell)),
];

const service = process({ pid: 310, executable: '/usr/bin/sleep', args: ['sleep', '9'], parent: pid1 });

const timer = (over: Partial<Schedule> = {}): Schedule => ({
  kind: 'user-timer',
  id: 'user-timer:root:/var/lib/um/run:own.timer',
  user: 'root',
  when: 'OnActiveSec=1s',
  command: '/usr/bin/touch /srv/ev',
  file: '/var/lib/um/own.timer',
  unit: { timer: 'own.timer', activates: 'own.service', active: true, transient: false },
  lastRun: '2100-01-01T00:00:00Z',
  ...over,
});

describe('what it launches', () => {
  const events = story({ after: (shell) => [exec(manager(shell)), ...launched(shell)] });
  const began = events[0]?.['@timestamp'] as string;
  const proof = (...after: Schedule[]) =>
    findProof(attributed(events, foreign), foreign, { before: [], after });

  it('is proven by a timer of it that has elapsed', () => {
    expect(proof(timer({ lastRun: began }))).toMatchObject({
      scheduler: 'systemd',
      lineage: expect.arrayContaining(['/usr/lib/systemd/systemd']),
    });
  });

  it.each([
    ['is not known to have timers', []],
    ['has none that has elapsed', [timer()]],
    [
      'has one that elapsed for another service',
      [
        timer({
          lastRun: began,
          unit: { timer: 'own.timer', activates: 'other.service', active: true, transient: false },
        }),
      ],
    ],
    ['has the namesake of one of the machine’s', [timer({ kind: 'timer', lastRun: began })]],
  ])('is proven by nothing where it %s', (_, schedules) => {
    expect(proof(...schedules)).toBeNull();
  });
});

describe('a service that is asked for at once', () => {
  const path = '/run/systemd/transient/um.service';

  it.each<[string, (shell: ProcessFields) => EcsEvent[], boolean]>([
    ['is awaited until it executes something', () => [], true],
    ['is not once it has', () => [exec(service, { cgroup: 'um.service' })], false],
    ['is while another one executes something', () => [exec(service, { cgroup: 'x.service' })], true],
    ['is not when it was taken away', () => [file('deletion', path, pid1)], false],
  ])('%s', (_, after, isAwaited) => {
    const events = story({ after: (shell) => [file('creation', path, pid1), ...after(shell)] });
    expect(attributed(events, foreign).awaitsService('attack')).toBe(isAwaited);
  });
});

describe('the wait', () => {
  /** As a manager tells of a timer that it has read, and not started yet. */
  const dead = 'never: own.timer is inactive (dead) and not enabled';

  it.each([
    ['is let come up before its timers count as dead', true],
    ['has dead timers where they are dead once it is up', false],
  ])('for a manager that is slow: it %s', async (_, comesUp) => {
    const log = new EventLog();
    const attribution = attributed([], foreign);
    const told = story({ after: (shell) => [exec(manager(shell))] });
    for (const one of told) log.push(one);
    const isUp = { ...told[0], message: 'Startup finished in 1.147s.', process: { pid: 300 } } as EcsEvent;
    const shell = told.at(-1)?.process?.parent as ProcessFields;
    setTimeout(() => log.push(isUp), 100);
    const lastRun = told[0]?.['@timestamp'] as string;
    let looks = 0;
    const inventory = await waitIn(log, attribution, {
      takeInventory: async () => {
        looks += 1;
        const isStarted = comesUp && log.events.includes(isUp);
        if (isStarted && looks === 2)
          setTimeout(() => {
            for (const one of launched(shell)) log.push(one);
          }, 50);
        const { lastRun: _, ...waiting } = timer();
        const now = isStarted ? { ...waiting, nextRun: lastRun } : { ...waiting, inert: dead };
        return { ...before, schedules: [looks > 2 && comesUp ? timer({ lastRun }) : now] };
      },
    });
    expect(log.events).toContain(isUp);
    const proof = findProof(attribution, foreign, { before: [], after: inventory.schedules });
    expect(proof !== null).toBe(comesUp);
  });

  it('asks it for its timers once it starts something', async () => {
    const log = new EventLog();
    const attribution = attributed([], foreign);
    const [began, ...rest] = story({ after: (shell) => [exec(manager(shell))] });
    for (const one of [began, ...rest]) if (one) log.push(one);
    const shell = rest.at(-1)?.process?.parent as ProcessFields;
    setTimeout(() => {
      for (const one of launched(shell)) log.push(one);
    }, 100);
    const looks: number[] = [];
    const inventory = await waitIn(log, attribution, {
      takeInventory: async () => {
        looks.push(attribution.launches.length);
        const lastRun = began?.['@timestamp'] as string;
        return looks.length === 1 ? before : { ...before, schedules: [timer({ lastRun })] };
      },
    });
    expect(inventory.schedules).toHaveLength(1);
    expect(looks).toEqual([0, 1]);
    expect(findProof(attribution, foreign, { before: [], after: inventory.schedules })).not.toBeNull();
  });
});
