// Copies and other names of schedulers' programs: what they launch is a scheduler's, and what only poses as one is not.

import { beforeEach, describe, expect, it } from 'vitest';
import { Attribution } from '../../../harness/engine/proof/attribution.ts';
import { findProof } from '../../../harness/engine/proof/observe.ts';
import { findCopies } from '../../../harness/engine/run/daemon-copies.ts';
import { EventLog } from '../../../harness/engine/run/event-log.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import type { ProgramCopy, Schedule } from '../../../harness/model/inventory.ts';
import { exec, exit, file, fork, process, resetClock } from './events.ts';
import { attackArgs, foreign, story } from './story.ts';
import { before, waitIn } from './wait.ts';

beforeEach(resetClock);

const helper = '/var/lib/dbus-helper';
const daemonOf = (executable: string, shell: ProcessFields) =>
  process({ pid: 300, executable, args: [executable], parent: shell });

/** A daemon that the attack starts, and the job that it launches. */
const launched = (executable: string, shell: ProcessFields, command: string): EcsEvent[] => {
  const daemon = daemonOf(executable, shell);
  const child = process({ pid: 301, executable, args: [executable], parent: daemon });
  const job = process({
    pid: 302,
    executable: '/bin/dash',
    args: ['/bin/sh', '-c', command],
    parent: child,
  });
  return [exec(daemon), fork(child), exec(job), exit(job), exit(child)];
};

const entry = (command: string): Schedule => ({
  kind: 'system-crontab',
  id: command,
  user: 'root',
  when: '* * * * *',
  command,
  file: '/etc/cron.d/x',
});

function proven(
  events: EcsEvent[],
  { copies = [], added = [], kept = [] }: { copies?: ProgramCopy[]; added?: Schedule[]; kept?: Schedule[] },
): { scheduler: string | undefined; attribution: Attribution } {
  const attribution = new Attribution([foreign]);
  attribution.expectStep('attack', attackArgs);
  for (const one of events) attribution.push(one);
  attribution.addCopies(copies);
  attribution.addSchedules('attack', { added, kept, gone: [] });
  const proof = findProof(attribution, foreign, { before: kept, after: [...kept, ...added] });
  return { scheduler: proof?.scheduler, attribution };
}

describe('a program that the attack brings and starts', () => {
  const told = (command = '/srv/job') =>
    story({
      daemons: [],
      after: (shell) => [file('creation', helper, shell), ...launched(helper, shell, command)],
    });

  it('is asked about until it is known what it is', () => {
    const { attribution } = proven(told(), {});
    expect([...attribution.ownPrograms('attack')]).toEqual([[helper, 300]]);
    attribution.addCopies([{ path: helper, program: '/usr/sbin/cron' }]);
    expect([...attribution.ownPrograms('attack')]).toEqual([]);
    expect(attribution.daemonsOf('attack')).toEqual([{ scheduler: 'cron', program: helper }]);
  });

  it('runs as a fork where it has gone to the background', () => {
    const events = story({
      daemons: [],
      after: (shell) => {
        const started = daemonOf(helper, shell);
        const stays = process({ pid: 305, executable: helper, args: [helper], parent: started });
        return [file('creation', helper, shell), exec(started), fork(stays), exit(started)];
      },
    });
    const { attribution } = proven(events, { copies: [{ path: helper, program: '/usr/sbin/cron' }] });
    expect(attribution.daemonsOf('attack')).toEqual([{ scheduler: 'cron', program: helper }]);
  });

  it('launches nothing where it is no copy', () => {
    expect(proven(told(), { added: [entry('/srv/job')] }).scheduler).toBeUndefined();
  });

  it('launches what was scheduled where it is a copy of cron', () => {
    const copies = [{ path: helper, program: '/usr/sbin/cron' }];
    expect(proven(told(), { copies, added: [entry('/srv/job')] }).scheduler).toBe('cron');
  });

  it('launches it also where the copy is known before the events', () => {
    const attribution = new Attribution([foreign]);
    attribution.expectStep('attack', attackArgs);
    attribution.addCopies([{ path: helper, program: '/usr/sbin/cron' }]);
    attribution.addSchedules('attack', { added: [entry('/srv/job')], kept: [], gone: [] });
    for (const one of told()) attribution.push(one);
    expect(findProof(attribution, foreign, { before: [], after: [entry('/srv/job')] })?.scheduler).toBe(
      'cron',
    );
  });

  it('proves nothing by a job that was scheduled before', () => {
    const copies = [{ path: helper, program: '/usr/sbin/cron' }];
    const all = { copies, added: [entry('/srv/job')], kept: [entry('/bin/hourly')] };
    expect(proven(told('/bin/hourly'), all).scheduler).toBeUndefined();
  });
});

describe("a scheduler's program", () => {
  it.each<[string, (shell: ProcessFields) => EcsEvent[], string | undefined]>([
    [
      'that is renamed stays what it is',
      (shell) => [file('rename', helper, shell, { Ext: { original: { path: '/usr/sbin/cron' } } })],
      'cron',
    ],
    [
      'that gets another name by a hard link stays what it is',
      (shell) => [file('creation', helper, shell, { target_path: '/usr/sbin/cron' })],
      'cron',
    ],
    [
      'that the attack wrote is none, whatever it is called',
      (shell) => [
        file('creation', '/usr/sbin/cron', shell),
        file('rename', helper, shell, { Ext: { original: { path: '/usr/sbin/cron' } } }),
      ],
      undefined,
    ],
  ])('%s', (_, before, scheduler) => {
    const events = story({
      daemons: [],
      after: (shell) => [...before(shell), ...launched(helper, shell, '/srv/job')],
    });
    expect(proven(events, { added: [entry('/srv/job')] }).scheduler).toBe(scheduler);
  });
});

describe('the content of programs', () => {
  const sums: Record<string, string> = {
    '/usr/sbin/cron': 'c',
    '/usr/sbin/atd': 'a',
    [helper]: 'c',
    '/proc/46/exe': 'a',
    '/tmp/own': 'e',
  };
  const target = {
    exec: async ([, , ...paths]: readonly string[]) => ({
      exitCode: 1,
      stdout: paths.flatMap((path) => (sums[path] ? [`${sums[path].repeat(64)}  ${path}\n`] : [])).join(''),
      stderr: '',
      startedAt: '',
      ms: 0,
    }),
  } as never;

  it.each<[string, [string, number | null][], string[], ProgramCopy[]]>([
    ['of a file', [[helper, null]], [], [{ path: helper, program: '/usr/sbin/cron' }]],
    [
      'of a process whose file has gone',
      [['/tmp/x', 46]],
      [],
      [{ path: '/tmp/x', program: '/usr/sbin/atd' }],
    ],
    [
      'of a process that may not be looked at',
      [[helper, 47]],
      [],
      [{ path: helper, program: '/usr/sbin/cron' }],
    ],
    ['of another program', [['/tmp/own', null]], [], []],
    ['of what is there no more', [['/tmp/gone', null]], [], []],
    ['of a daemon that the attack wrote itself', [[helper, null]], ['/usr/sbin/cron'], []],
  ])('%s', async (_, programs, handmade, copies) => {
    expect(await findCopies(target, new Map(programs), (path) => !handmade.includes(path))).toEqual(copies);
  });
});

describe('the wait', () => {
  it('asks what a program is that the step has started, also where nothing else would run what it scheduled', async () => {
    const log = new EventLog();
    const attribution = new Attribution([foreign]);
    attribution.expectStep('attack', attackArgs);
    const events = story({
      daemons: [],
      after: (shell) => [file('creation', helper, shell), ...launched(helper, shell, '/srv/job')],
    });
    // The events come while the first inventory is taken.
    for (const one of events.slice(0, 2)) log.push(one);
    const looks: string[][] = [];
    const inventory = await waitIn(log, attribution, {
      exec: async () => ({
        exitCode: 0,
        stdout: `${'c'.repeat(64)}  /usr/sbin/cron\n${'c'.repeat(64)}  /proc/300/exe\n`,
        stderr: '',
        startedAt: '',
        ms: 0,
      }),
      takeInventory: async (_target, _earlier, running) => {
        if (looks.length === 0) for (const one of events.slice(2)) log.push(one);
        looks.push(running.map(({ program }) => program));
        const down = running.length > 0 ? {} : { inert: 'cron.service is inactive' };
        const nextRun = new Date().toISOString();
        return { ...before, schedules: [{ ...entry('/srv/job'), nextRun, ...down }] };
      },
    });
    expect(looks).toEqual([[], [helper]]);
    expect(inventory.copies).toEqual([{ path: helper, program: '/usr/sbin/cron' }]);
    expect(findProof(attribution, foreign, { before: [], after: inventory.schedules })?.scheduler).toBe(
      'cron',
    );
  });
});
