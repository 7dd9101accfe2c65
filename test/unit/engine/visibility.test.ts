// What each set of sensors can tell of a job of each scheduler: executed, inert, or nothing.

import { beforeEach, describe, expect, it } from 'vitest';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import {
  controlFrom,
  judgeMitigation,
  type Treatment,
  treatmentOf,
} from '../../../harness/engine/judge/judge-mitigation.ts';
import { type RuleBook, ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import type { EcsEvent, SensorName } from '../../../harness/model/event.ts';
import type { ProcedureEvidence } from '../../../harness/model/evidence.ts';
import type { Observation } from '../../../harness/model/expectation.ts';
import { emptyInventory, type Schedule } from '../../../harness/model/inventory.ts';
import { loadRules } from '../../../harness/rules/index.ts';
import { aMitigation, anAtomic, anExpectation } from './content.ts';
import { event, exec, exit, file, fork, outside, process, resetClock, running } from './events.ts';

beforeEach(resetClock);

const nonce = 'c0ffee';
const marker = `/usr/bin/touch /tmp/atomclock-${nonce}`;
const argv = ['/bin/sh', '/usr/lib/atomclock/step-1'];
const began = '2026-01-01T00:00:00Z';

const kinds = ['at', 'crontab', 'system-crontab', 'run-parts', 'anacron', 'timer', 'user-timer'] as const;
type Kind = (typeof kinds)[number];
const isTimer = (kind: Kind) => kind === 'timer' || kind === 'user-timer';

const scheduled = (kind: Kind, over: Partial<Schedule> = {}): Schedule => ({
  kind,
  id: `${kind}:x`,
  user: 'root',
  when: '',
  command: marker,
  file: kind === 'at' ? '/var/spool/cron/atjobs/a0000101c8b3f7' : '/etc/cron.d/x',
  ...(isTimer(kind) && {
    unit: { timer: 'x.timer', activates: 'x.service', active: true, transient: false },
  }),
  ...over,
});

const daemonOf: Record<Kind, string> = {
  at: '/usr/sbin/atd',
  crontab: '/usr/sbin/cron',
  'system-crontab': '/usr/sbin/cron',
  'run-parts': '/usr/sbin/cron',
  anacron: '/usr/sbin/anacron',
  timer: '/usr/lib/systemd/systemd',
  'user-timer': '/usr/lib/systemd/systemd',
};

/** What happened, as each sensor would have recorded it. */
function seen(sensor: SensorName, kind: Kind, launched: boolean): EcsEvent[] {
  const pid1 = process({ pid: 1, executable: '/usr/lib/systemd/systemd', parent: outside });
  const daemon = isTimer(kind) ? pid1 : process({ pid: 30, executable: daemonOf[kind], parent: pid1 });
  const shell = process({ pid: 200, executable: '/bin/dash', args: argv, parent: outside });
  const job = process({ pid: 455, executable: '/usr/bin/touch', args: marker.split(' '), parent: daemon });
  const place = scheduled(kind).file as string;
  switch (sensor) {
    case 'ebpf':
      return [
        running(pid1),
        running(daemon),
        exec(shell),
        file('creation', place, shell),
        ...(launched ? [fork(job), exec(job, { cgroup: 'x.service' }), exit(job)] : []),
      ];
    case 'journal':
      return launched ? lines(kind) : [];
    case 'audit':
      return [{ ...file('creation', place, { pid: 9 } as never), atomclock: { sensor: 'audit' } }];
    default:
      return [{ ...event('file', 'creation', 'file-created', {}), atomclock: { sensor } }];
  }
}

const line = (action: string, message: string, job: object | null, extra: object = {}): EcsEvent => {
  const made = event('process', 'info', action, {
    message,
    atomclock: { sensor: 'journal', ...(job && { job }) },
    ...extra,
  });
  return { ...made, event: { ...made.event, id: made.event.id.replace('ebpf', 'journal') } };
};
const unitLine = (verb: string, message: string, unit = 'x.service') =>
  line(`unit-${verb}`, message, { scheduler: 'systemd', verb, unit });
const cronLine = (command: string) =>
  line(
    'cron-cmd',
    `(root) CMD (${command})`,
    { scheduler: 'cron', verb: 'CMD', user: 'root', command },
    {
      user: { id: '0', name: 'root' },
    },
  );
const atLine = () =>
  line('session-opened', 'pam_unix(atd:session): session opened for user root', null, {
    pam: { service: 'atd' },
  });

function lines(kind: Kind): EcsEvent[] {
  switch (kind) {
    case 'at':
      return [atLine()];
    case 'crontab':
    case 'system-crontab':
      return [cronLine(marker)];
    case 'run-parts':
      return [cronLine('cd / && run-parts --report /etc/cron.hourly')];
    case 'anacron':
      return [line('anacron-job-started', "Job `x' started", { scheduler: 'anacron', command: 'x' })];
    default:
      return [unitLine('started', 'Finished x.service - x.')];
  }
}

const noRules = ruleBook([], { unusable: [], bundled: new Set(), fields: 'ecs', sensorsFor: () => [] });

interface Given {
  schedules?: readonly Schedule[];
  exitCode?: number;
  foreign?: boolean;
  over?: Partial<ProcedureEvidence>;
}

function judged(
  sensors: readonly SensorName[],
  events: EcsEvent[],
  { schedules = [], exitCode = 0, foreign = false, over = {} }: Given,
  book: RuleBook = noRules,
) {
  const step = { role: 'attack' as const, user: 'root', command: 'do it', argv, exitCode };
  const evidence: ProcedureEvidence = {
    evidenceVersion: 2,
    id: 'atomic@debian12',
    kind: 'attack',
    atomic: anAtomic({ foreign }),
    variant: null,
    expectation: null,
    target: 'debian12',
    mitigations: [],
    user: 'root',
    nonce,
    legitimateNonces: [],
    skipped: null,
    steps: [{ ...step, stdout: '', stderr: 'no', startedAt: began, ms: 1 }],
    inventory: {
      before: emptyInventory,
      scheduled: { ...emptyInventory, schedules: [...schedules] },
      after: emptyInventory,
      legitimate: emptyInventory,
    },
    filesystem: [],
    telemetry: { perSensor: Object.fromEntries(sensors.map((name) => [name, { events: 1, lost: 0 }])) },
    faults: [],
    timings: {},
    ...over,
  };
  return judgeCase(evidence, events, book);
}

const sets: readonly (readonly SensorName[])[] = [
  ['ebpf', 'journal', 'inventory', 'residue'],
  ['ebpf'],
  ['journal'],
  ['journal', 'inventory', 'residue'],
  ['journal', 'audit'],
  ['audit'],
  ['inventory'],
  ['residue'],
  ['audit', 'inventory', 'residue'],
];

/** By the log alone: what cron and the service manager name can be told. */
const told: Record<Kind, 'log' | null> = {
  at: null,
  crontab: 'log',
  'system-crontab': 'log',
  'run-parts': null,
  anacron: null,
  timer: 'log',
  'user-timer': 'log',
};

describe.each(sets)('with the sensors %s %s %s %s', (...given) => {
  const sensors = given.filter((name) => name !== undefined);
  const sees = (kind: Kind) =>
    sensors.includes('ebpf') ? 'nonce' : sensors.includes('journal') ? told[kind] : null;

  it.each(kinds)('a job of %s that was launched', (kind) => {
    const lastRun = isTimer(kind) ? { lastRun: '2026-01-01T00:00:00.001Z' } : {};
    const events = sensors.flatMap((sensor) => seen(sensor, kind, true));
    const owner = kind === 'user-timer' && sensors.includes('ebpf') ? 'timer' : kind;
    const { observation, record } = judged(sensors, events, { schedules: [scheduled(owner, lastRun)] });
    const by = sees(kind);
    expect([observation, record?.proof?.by ?? null]).toEqual([by ? 'executed' : 'errored', by]);
    if (!by) expect(record?.reasons.join()).toMatch(/cannot tell whether .*\[case\/no-sensor\]/);
    expect(record?.verdict).toBe(by ? 'pass' : 'error');
  });

  it.each(kinds)('a job of %s that nothing launched', (kind) => {
    const events = sensors.flatMap((sensor) => seen(sensor, kind, false));
    const { observation } = judged(sensors, events, { schedules: [scheduled(kind)] });
    expect(observation).toBe(sees(kind) ? 'inert' : 'errored');
  });

  it('an attack of which nothing is to be seen', () => {
    const shell = process({ pid: 200, executable: '/bin/dash', args: argv, parent: outside });
    const events = sensors.includes('ebpf') ? [exec(shell)] : [];
    expect(judged(sensors, events, {}).observation).toBe(sensors.includes('ebpf') ? 'performed' : 'errored');
    expect(judged(sensors, events, { exitCode: 1 }).observation).toBe('refused');
  });
});

describe('the log alone', () => {
  const timer = (lastRun: string) => scheduled('timer', { lastRun });
  const elapsed = '2026-01-01T00:00:00.001Z';
  type Case = [string, () => EcsEvent[], Given, Observation | 'errored', number | null];
  it.each<Case>([
    [
      'a foreign job by its command',
      () => [cronLine('/opt/job')],
      { foreign: true, schedules: [scheduled('crontab', { command: '/opt/job' })] },
      'executed',
      null,
    ],
    [
      'a foreign job with input',
      () => [cronLine('cat%a%b')],
      { foreign: true, schedules: [scheduled('crontab', { command: 'cat', stdin: 'a\nb\n' })] },
      'executed',
      null,
    ],
    [
      'a launcher of scripts proves none of them',
      () => [cronLine('run-parts /opt/jobs')],
      { foreign: true, schedules: [scheduled('crontab', { command: 'run-parts /opt/jobs' })] },
      'errored',
      null,
    ],
    [
      "another user's job",
      () => [cronLine('/opt/job')],
      { foreign: true, schedules: [scheduled('crontab', { command: '/opt/job', user: 'bob' })] },
      'inert',
      null,
    ],
    ['a job that has gone again', () => [cronLine(marker)], {}, 'executed', null],
    ['at, whose job has gone again', () => [atLine()], { exitCode: 1 }, 'errored', null],
    [
      'a service that ended well',
      () => [
        unitLine('started', 'Started x.service.'),
        unitLine('deactivated', 'x.service: Deactivated successfully.'),
      ],
      { schedules: [timer(elapsed)] },
      'executed',
      0,
    ],
    [
      'a service that still runs',
      () => [unitLine('started', 'Started x.service.')],
      { schedules: [timer(elapsed)] },
      'executed',
      null,
    ],
    [
      'a service that failed',
      () => [
        unitLine('starting', 'Starting x.service...'),
        unitLine('process-exited', 'x.service: Main process exited, code=exited, status=3/NOTIMPLEMENTED'),
      ],
      { schedules: [timer(elapsed)] },
      'executed',
      3,
    ],
    [
      'a service whose program does not exist',
      () => [
        unitLine('started', 'Started x.service.'),
        unitLine('process-exited', 'x.service: Main process exited, code=exited, status=203/EXEC'),
      ],
      { schedules: [timer(elapsed)] },
      'errored',
      null,
    ],
    [
      'a service that was started by hand',
      () => [unitLine('started', 'Started x.service.')],
      { schedules: [scheduled('timer')] },
      'inert',
      null,
    ],
    [
      'a timer that ran before the attack only',
      () => [unitLine('started', 'Started x.service.')],
      { schedules: [timer('2025-12-31T23:00:00Z')] },
      'inert',
      null,
    ],
    [
      'a transient timer that has gone',
      () => [
        unitLine('started', `Started run-r1.timer - ${marker}.`, 'run-r1.timer'),
        unitLine('started', `Started run-r1.service - ${marker}.`, 'run-r1.service'),
      ],
      {},
      'executed',
      null,
    ],
    [
      'a transient service without a timer',
      () => [unitLine('started', `Started run-r1.service - ${marker}.`, 'run-r1.service')],
      {},
      'errored',
      null,
    ],
    ['a timer that elapsed without a word', () => [], { schedules: [timer(elapsed)] }, 'errored', null],
  ])('%s', (_, events, given, observation, exitCode) => {
    const { record } = judged(['journal'], events(), given);
    expect([record?.observation, record?.proof?.exitCode ?? null]).toEqual([observation, exitCode]);
    if (record?.proof) expect(record.proof.eventId).toMatch(/^journal-/);
  });

  it('gives no proof from before the attack', () => {
    const early = { ...cronLine(marker), '@timestamp': '2025-12-31T23:59:59.000Z' };
    expect(judged(['journal'], [early], { schedules: [scheduled('crontab')] }).observation).toBe('inert');
  });
});

describe('rules, where nobody knows whose an event is', () => {
  const { rules } = loadRules([
    { file: 'cmd.eql', text: 'process where event.action == "cron-cmd"' },
    { file: 'replace.eql', text: 'any where event.action == "crontab-replace"' },
    { file: 'write.eql', text: 'sequence [any where event.action == "x"] [file where true]' },
    { file: 'exec.eql', text: 'process where event.action == "exec"' },
  ]);
  const book = ruleBook(rules, {
    unusable: [],
    bundled: new Set(),
    fields: 'ecs',
    sensorsFor: ({ slug, source }) =>
      slug === 'exec' || (source.kind === 'categories' && source.categories.includes('file'))
        ? ['ebpf', 'journal']
        : ['journal'],
  });
  const expectation = anExpectation({
    detects: ['cmd', 'replace', 'exec', 'write'],
    artifacts: [{ path: '/etc/cron.d/*', action: 'creation' }],
  });

  it('have missed nothing that no sensor showed them, and were not fired by anybody else', () => {
    const events = [line('crontab-replace', '(root) REPLACE (root)', null), cronLine(marker)];
    const given = { schedules: [scheduled('crontab')], over: { expectation } };
    const { record, matches } = judged(['journal'], events, given, book);
    expect(record?.detections.map(({ rule, outcome }) => [rule, outcome])).toEqual([['cmd', 'detected']]);
    expect(matches.map(({ owner }) => owner)).toEqual(['unknown', 'attack']);
    expect(record?.reasons).toEqual([
      expect.stringMatching(/^replace fired on journal-1: no sensor .* whose/),
    ]);
    expect(record?.verdict).toBe('pass');
  });

  it('have missed what a sensor of theirs could have shown', () => {
    const given = { schedules: [scheduled('crontab')], over: { expectation } };
    const { record } = judged(['journal'], [cronLine(marker)], given, book);
    expect(record?.detections.map(({ rule, outcome }) => [rule, outcome])).toContainEqual([
      'replace',
      'missed',
    ]);
  });
});

it('does not call a mitigation overblocking where no sensor could tell that legitimate use works', () => {
  const mitigation = aMitigation({ id: 'stopper', stops: ['atomic'] });
  const control = judged(['journal'], [cronLine(marker)], { schedules: [scheduled('crontab')] });
  const legitimate = { role: 'legitimate' as const, user: 'root', command: '', argv, exitCode: 0 };
  const attack = { ...legitimate, role: 'attack' as const, exitCode: 1 };
  const rest = { stdout: '', stderr: 'not allowed', startedAt: began, ms: 1 };
  const treated = judged(['journal'], [], {
    over: {
      mitigations: [mitigation],
      legitimateNonces: ['beef'],
      steps: [
        { ...attack, ...rest },
        { ...legitimate, ...rest },
      ],
    },
  });
  const treatment = treatmentOf(treated) as Treatment;
  expect(judgeMitigation(treatment, controlFrom(control)).record).toMatchObject({
    verdict: 'errored',
    reason: expect.stringContaining('no sensor of this run can tell whether it ran'),
  });
});
