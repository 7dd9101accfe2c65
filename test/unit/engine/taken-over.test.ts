// What a step wrote that something scheduled before will run, and what it put where schedulers look.

import { beforeEach, describe, expect, it } from 'vitest';
import { findProof, putSchedules } from '../../../harness/engine/proof/observe.ts';
import { takenOver } from '../../../harness/engine/proof/taken-over.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import {
  emptyInventory,
  type Inventory,
  type Schedule,
  type ScheduleFile,
} from '../../../harness/model/inventory.ts';
import { exec, exit, file, fork, resetClock } from './events.ts';
import { attributed, cronChild, cronJob, foreign, shellJob, story } from './story.ts';

beforeEach(resetClock);

const entry = (command: string, over: Partial<Schedule> = {}): Schedule => ({
  kind: 'system-crontab',
  id: command,
  user: 'root',
  when: '* * * * *',
  command,
  file: '/etc/cron.d/old',
  ...over,
});

const service = (...commands: string[]): Schedule =>
  entry(commands.join('; '), {
    kind: 'timer',
    unit: {
      timer: 'old.timer',
      activates: 'old.service',
      active: true,
      transient: false,
      programs: commands.map((command) => ({ command, main: true })),
    },
  });

type Deed = (shell: ProcessFields) => EcsEvent[];
const writes =
  (path: string): Deed =>
  (shell) => [file('modification', path, shell)];
const attributionOf = (deed: Deed) => attributed(story({ after: deed }), foreign);

describe('a schedule from before', () => {
  const script = '/opt/backup.sh';
  const replaces: Deed = (shell) => [
    file('creation', '/opt/.new', shell),
    file('rename', script, shell, { Ext: { original: { path: '/opt/.new' } } }),
  ];
  const links: Deed = (shell) => [file('creation', script, shell, { target_path: '/dev/shm/x' })];
  const showsAgain: Deed = (shell) => [file('creation', '/tmp/x', shell, { target_path: script })];

  it.each<[string, string[], Schedule, Deed]>([
    ['its program was written', [script], entry(script), writes(script)],
    ['another one was put in its place', [script], entry(script), replaces],
    ['a link was put in its place', [script], entry(script), links],
    ['its script was', [script], entry(`/bin/sh -e ${script} now`), writes(script)],
    ['a launcher starts it', [script], entry(`nice -n 5 timeout 9 ${script}`), writes(script)],
    ['it runs on a condition', [script], entry(`test -x ${script} && ${script}`), writes(script)],
    ['it is sourced', [script], entry(`cd / && . ${script}`), writes(script)],
    ['its input is read by a shell', [script], entry(`sh < ${script}`), writes(script)],
    ['its folder is a pattern', [script], entry('for f in a; do /opt/*.sh; done'), writes(script)],
    ['it is a home', ['/home/alice/run'], entry('$HOME/run'), writes('/home/alice/run')],
    ['it is found by its name', ['/usr/bin/job'], entry('job --now'), writes('/usr/bin/job')],
    ['/bin is a link', ['/usr/bin/job'], entry('/bin/job'), writes('/usr/bin/job')],
    [
      'the table says where to look',
      ['/srv/job'],
      entry('job', { environment: { PATH: '/srv' } }),
      writes('/srv/job'),
    ],
    ['cron does not look there', [], entry('job'), writes('/usr/local/bin/job')],
    ['the manager looks there', ['/usr/local/bin/job'], service('job -x'), writes('/usr/local/bin/job')],
    ['one of its programs was written', [script], service('/bin/true', `/bin/sh ${script}`), writes(script)],
    ['the file is an argument only', [], entry(`tar cf /b.tar ${script}`), writes(script)],
    ['it will never run', [], entry(script, { inert: 'cron.service is inactive' }), writes(script)],
    ['its mode was set', [], entry(script), (shell) => [file('permissions', script, shell)]],
    ['its owner was set', [], entry(script), (shell) => [file('ownership', script, shell)]],
    ['it was only linked to', [], entry(script), showsAgain],
    ['something else was written', [], entry(script), writes('/opt/backup.sh.log')],
    ['an inventory tells it', [], entry('/etc/cron.daily/old'), writes('/etc/cron.daily/old')],
  ])('where %s, runs %j of the step', (_, paths, schedule, deed) => {
    const found = takenOver(attributionOf(deed), 'attack', [schedule]);
    expect(found).toEqual(paths.length > 0 ? [{ schedule, paths }] : []);
  });

  it.each<[string, boolean, Deed]>([
    ['was written', true, writes(script)],
    ['had its mode set', false, (shell) => [file('permissions', script, shell)]],
    ['was linked to', false, showsAgain],
  ])('is proof of execution where what it launches %s: %s', (_, isProof, deed) => {
    const sh = shellJob(script);
    const run = cronJob(['/bin/sh', script]);
    const launch = [fork(cronChild), exec(sh), exec(run), exit(run)];
    const events = story({ after: (shell) => [...deed(shell), ...launch] });
    const schedules = { before: [entry(script)], after: [entry(script)] };
    const proof = findProof(attributed(events, foreign), foreign, schedules);
    expect(proof?.commandLine).toBe(isProof ? `/bin/sh ${script}` : undefined);
  });
});

describe('a file where schedulers look', () => {
  const table = '/etc/cron.d/old';
  const unit = '/etc/systemd/system/old.timer';
  const of = (path: string, sha256: string, over: Partial<ScheduleFile> = {}): ScheduleFile => ({
    path,
    mode: '0644',
    owner: 'root',
    content: null,
    sha256,
    ...over,
  });
  const inventory = (...files: ScheduleFile[]): Inventory => ({ ...emptyInventory, files });
  const none = inventory();
  const moves: Deed = (shell) => [
    file('creation', '/etc/cron.d/sedXyZ', shell),
    file('rename', table, shell, { Ext: { original: { path: '/etc/cron.d/sedXyZ' } } }),
  ];

  it.each<[string, string[], Deed, Inventory, Inventory]>([
    ['is new', [table], writes(table), none, inventory(of(table, 'a'))],
    ['came and went', [table], writes(table), none, none],
    [
      'has another mode',
      [],
      (shell) => [file('permissions', table, shell)],
      inventory(of(table, 'a')),
      inventory(of(table, 'a', { mode: '0666' })),
    ],
    [
      'has another owner',
      [],
      (shell) => [file('ownership', table, shell)],
      inventory(of(table, 'a')),
      inventory(of(table, 'a', { owner: 'bob' })),
    ],
    ['was written as it was', [], writes(table), inventory(of(table, 'a')), inventory(of(table, 'a'))],
    ['was moved into place as it was', [], moves, inventory(of(table, 'a')), inventory(of(table, 'a'))],
    [
      'has other text and no new entry',
      [],
      writes(table),
      inventory(of(table, 'a')),
      inventory(of(table, 'b')),
    ],
    ['was emptied and removed', [], writes(table), inventory(of(table, 'a')), none],
    [
      'is a unit whose manager was not told',
      [unit],
      writes(unit),
      inventory(of(unit, 'a')),
      inventory(of(unit, 'b')),
    ],
    [
      'shows another unit',
      [unit],
      writes(unit),
      inventory(of(unit, 'a')),
      inventory(of(unit, 'a', { target: '/dev/shm/x' })),
    ],
  ])('that %s: %j', (_, paths, deed, before, after) => {
    expect(putSchedules(attributionOf(deed), 'attack', before, after)).toEqual(paths);
  });
});

it.each<[string, number, Deed]>([
  ['wrote a table', 1, writes('/etc/cron.d/new')],
  ['set the mode of one', 0, (shell) => [file('permissions', '/etc/crontab', shell)]],
  ['set the owner of one', 0, (shell) => [file('ownership', '/etc/crontab', shell)]],
])('what cron launched and no entry says is of a step that %s: %i', (_, count, deed) => {
  const launch = [fork(cronChild), exec(shellJob('gone again'))];
  const attribution = attributed(story({ after: (shell) => [...deed(shell), ...launch] }), foreign);
  attribution.addSchedules('attack', { added: [], kept: [], gone: [] });
  expect(attribution.launches).toHaveLength(count);
});
