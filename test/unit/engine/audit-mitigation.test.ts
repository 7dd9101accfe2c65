// A mitigation that stops nothing and puts attacks on record: judged by what its audit rules wrote with it and without.

import { beforeEach, describe, expect, it } from 'vitest';
import { judgeCase } from '../../../harness/engine/judge/judge-case.ts';
import { ruleBook } from '../../../harness/engine/judge/rule-book.ts';
import { RunJudge } from '../../../harness/engine/judge/run-judge.ts';
import { blankEvidence } from '../../../harness/engine/run/blank-evidence.ts';
import type { AuditRecording } from '../../../harness/model/audit-recording.ts';
import type { EcsEvent, ProcessFields } from '../../../harness/model/event.ts';
import type { ProcedureEvidence } from '../../../harness/model/evidence.ts';
import { hardeningOf } from '../../../harness/model/hardening.ts';
import { type Mitigation, mitigationSchema } from '../../../harness/model/mitigation.ts';
import { runRecordSchema } from '../../../harness/model/run-record.ts';
import { aMitigation, anAtomic, aPlannedCase, runFacts } from './content.ts';
import { event, exec, exit, fork, process, resetClock, running } from './events.ts';
import { attackArgs, cron, cronChild, cronJob, marker, nonce, pid1, stepShell } from './story.ts';

beforeEach(resetClock);

const recorder = (over: Partial<Mitigation> = {}): Mitigation => ({
  ...mitigationSchema.parse({
    id: 'audit-rules',
    name: 'It is written down',
    description: 'Stops nothing.',
    attack: 'M1047',
    audit: ['-w /etc/cron.d -p wa -k cron-jobs', '-w /usr/bin/at -p x -k at-use'],
    stops: [],
    records: [{ atomic: 'atomic', key: 'cron-jobs' }],
    legitimate: [{ name: 'root still schedules', command: 'true', proof: 'succeeds' }],
  }),
  ...over,
});

/** Host pids, by which alone audit names processes: the attack's shell, and cron. */
const attackers = 9200;
const crons = 9038;

const record = (key: string, pid: number): EcsEvent => {
  const by: ProcessFields = { pid, name: 'sh', executable: '/bin/dash' } as ProcessFields;
  const made = event('file', 'change', 'opened-file', { process: by, file: { path: '/etc/cron.d/evil' } });
  return {
    ...made,
    event: { ...made.event, id: `audit-${made.event.id}` },
    user: { id: '0', name: 'root' },
    tags: [key],
    atomclock: { sensor: 'audit', host_pid: pid },
  };
};

const recording = (over: Partial<AuditRecording> = {}): AuditRecording => ({
  loaded: [{ mitigation: 'audit-rules', rules: 2, problems: [] }],
  records: [],
  more: {},
  lost: 0,
  ...over,
});

const step = (role: 'attack' | 'legitimate' | 'bypass', argv: string[], exitCode: number, stderr = '') => ({
  ...{ role, user: 'root', command: argv.at(-1) ?? '', argv, exitCode, stdout: '', stderr },
  ...{ startedAt: '2026-01-01T00:00:00Z', ms: 5 },
});

/** An attack that cron launches, or that is refused. */
function recorded(mitigations: readonly Mitigation[], over: Partial<ProcedureEvidence>, isRefused = false) {
  const shell = exec(stepShell(), { host_pid: attackers });
  const daemon = { ...running(cron), atomclock: { sensor: 'ebpf', host_pid: crons } };
  const job = cronJob(marker, '/usr/bin/touch');
  const launched = [fork(cronChild), exec(job), exit(job)];
  const planned = aPlannedCase({ atomic: anAtomic({}), mitigations });
  const use = ['/bin/sh', '-c', 'root does it'];
  const evidence: ProcedureEvidence = {
    ...(blankEvidence(planned, () => nonce) as ProcedureEvidence),
    steps: [
      step('attack', attackArgs, isRefused ? 1 : 0, isRefused ? 'You are not allowed to' : ''),
      ...mitigations.map(() => step('legitimate', use, 0)),
    ],
    telemetry: { perSensor: { ebpf: { events: 5, lost: 0 } } },
    ...over,
  };
  return { evidence, events: [running(pid1), daemon, shell, ...(isRefused ? [] : launched)] };
}

const book = ruleBook([], {
  unusable: [],
  bundled: new Set(),
  fields: 'ecs',
  sensorsFor: () => ['ebpf'],
});

interface Tried {
  readonly mitigations?: readonly Mitigation[];
  readonly with?: () => AuditRecording | undefined;
  readonly without?: () => AuditRecording | undefined;
  readonly over?: Partial<ProcedureEvidence>;
  readonly isRefused?: boolean;
}

function judged({ mitigations = [recorder()], over = {}, isRefused = false, ...heard }: Tried) {
  const { with: treated = () => recording(), without = () => recording({ loaded: [] }) } = heard;
  const kept = (one: AuditRecording | undefined) => (one ? { recording: one } : {});
  const cases = [
    recorded([], kept(without())),
    recorded(mitigations, { ...kept(treated()), ...over }, isRefused),
  ];
  const judge = new RunJudge(book, ['ebpf']);
  for (const [at, { evidence, events }] of cases.entries()) judge.add(judgeCase(evidence, events, book), at);
  const run = judge.finish(runFacts);
  expect(runRecordSchema.parse(run)).toEqual(run);
  return run;
}

const own = () => recording({ records: [record('cron-jobs', attackers)] });
const stopper = { ...aMitigation({ id: 'stopper', stops: ['atomic'] }), legitimate: recorder().legitimate };
const { records: _, ...silent } = recorder();
const bypassed: Mitigation = { ...silent, bypasses: [{ how: 'It is no file', atomic: 'atomic' }] };

describe('a mitigation that puts attacks on record', () => {
  it.each<[string, Tried, string, RegExp, 'pass' | 'fail' | 'error' | 'skip']>([
    [
      'a record of the attack',
      { with: own },
      'records',
      /^cron-jobs: root opened file \/etc\/cron\.d\/evil with sh$/,
      'pass',
    ],
    ['no record', {}, 'unrecorded', /no record of the attack has the key cron-jobs$/, 'fail'],
    [
      'a record of the daemon alone',
      { with: () => recording({ records: [record('cron-jobs', crons)] }) },
      'unrecorded',
      /no record of the attack/,
      'fail',
    ],
    [
      'a record with another key',
      { with: () => recording({ records: [record('at-use', attackers)] }) },
      'unrecorded',
      /there are some with at-use/,
      'fail',
    ],
    [
      'a record without it, too',
      { with: own, without: () => recording({ loaded: [], records: [record('cron-jobs', crons)] }) },
      'invalid',
      /without it there are records with the key cron-jobs as well/,
      'fail',
    ],
    [
      'a rule that could not be loaded',
      {
        with: () =>
          recording({
            loaded: [{ mitigation: 'audit-rules', rules: 1, problems: ['-w /run/x: lies on /run'] }],
            records: [record('cron-jobs', attackers)],
          }),
      },
      'invalid',
      /audit-rules did not take effect: an audit rule could not be loaded: -w \/run\/x: lies on \/run/,
      'fail',
    ],
    [
      'records that were lost',
      { with: () => recording({ lost: 3 }) },
      'errored',
      /3 records were lost/,
      'error',
    ],
    [
      'more records than were kept',
      { with: () => recording({ more: { 'cron-jobs': 7 }, records: [record('cron-jobs', crons)] }) },
      'errored',
      /more records with the key cron-jobs than were kept/,
      'error',
    ],
    ['nobody who listened', { with: () => undefined }, 'errored', /nobody listened/, 'error'],
    [
      'nobody who listened to the control',
      { with: own, without: () => undefined },
      'errored',
      /without it/,
      'error',
    ],
    [
      'an attack that was refused',
      { with: own, isRefused: true },
      'invalid',
      /stops nothing, and it was refused: exit 1: You are not allowed/,
      'fail',
    ],
    [
      'a kernel that gives audit to nobody',
      { with: () => undefined, over: { skipped: 'its audit rules cannot be loaded here', steps: [] } },
      'errored',
      /cannot be loaded here/,
      'skip',
    ],
    [
      'a declared bypass with nothing on record',
      { mitigations: [bypassed] },
      'notClaimed',
      /its payload ran with nothing of it on record: It is no file/,
      'pass',
    ],
    [
      'a declared bypass that is on record',
      { mitigations: [bypassed], with: own },
      'invalid',
      /declared to get by \(It is no file\), and it is on record: cron-jobs: root/,
      'fail',
    ],
    [
      'a declared bypass to which nobody listened',
      { mitigations: [bypassed], with: () => undefined },
      'errored',
      /nobody listened/,
      'error',
    ],
    [
      'another that stops it',
      { mitigations: [stopper, recorder()], with: own, isRefused: true },
      'blocks',
      /You are not allowed to/,
      'pass',
    ],
    [
      'another that does not',
      { mitigations: [stopper, recorder()], with: own },
      'bypassed',
      /ran all the same/,
      'fail',
    ],
  ])('with %s', (_, tried, verdict, reason, outcome) => {
    const { mitigations, cases } = judged(tried);
    expect(mitigations[0]).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
    expect(cases[1]?.verdict).toBe(outcome);
  });

  describe('and says that a command gets by', () => {
    const aroundNonce = 'beef';
    const way: Mitigation = { ...recorder(), bypasses: [{ how: 'It is no file', command: 'way around' }] };
    const wayArgs = ['/bin/sh', '-c', 'way around'];
    const wayShell = stepShell(wayArgs, 300);
    const wayChild = { ...cronChild, pid: 654, entity_id: 'entity-654' };
    const wayJob = process({
      pid: 655,
      executable: '/usr/bin/touch',
      args: ['/usr/bin/touch', `/tmp/atomclock-${aroundNonce}`],
      parent: wayChild,
    });
    /** Host pids of its step, of the job that it has launched, and of the legitimate use before it. */
    const [wayPid, jobPid, usePid] = [9300, 9655, 9250];
    const useArgs = ['/bin/sh', '-c', 'root does it'];
    const tried = (heard: Partial<AuditRecording>, mitigations: readonly Mitigation[] = [way]) => {
      const use = exec(stepShell(useArgs, 250), { host_pid: usePid });
      const after = () => [
        use,
        exec(wayShell, { host_pid: wayPid }),
        fork(wayChild),
        { ...exec(wayJob), atomclock: { sensor: 'ebpf', host_pid: jobPid } },
        exit(wayJob),
      ];
      const cases = [
        recorded([], { recording: recording({ loaded: [] }) }),
        recorded(mitigations, {
          recording: recording({ records: [record('cron-jobs', attackers)], ...heard }),
          legitimateNonces: [...mitigations.map(() => 'unused'), aroundNonce],
          steps: [
            step('attack', attackArgs, 0),
            ...mitigations.map(() => step('legitimate', useArgs, 0)),
            step('bypass', wayArgs, 0),
          ],
        }),
      ];
      const judge = new RunJudge(book, ['ebpf']);
      for (const [at, { evidence, events }] of cases.entries())
        judge.add(judgeCase(evidence, at === 0 ? events : [...events, ...after()], book), at);
      const run = judge.finish(runFacts);
      expect(runRecordSchema.parse(run)).toEqual(run);
      return { judged: run.mitigations[0], verdict: run.cases[1]?.verdict };
    };
    const own = record('cron-jobs', attackers);

    it('which it does, with records of others alone', () => {
      const ofOthers = [own, record('cron-jobs', usePid), record('cron-jobs', crons)];
      const { judged, verdict } = tried({ records: ofOthers });
      expect(judged).toMatchObject({ verdict: 'records', bypasses: [{ executed: true }] });
      expect(judged?.bypasses?.[0]).not.toHaveProperty('recorded');
      expect(verdict).toBe('pass');
    });

    it.each([
      ['of its command', 'at-use', wayPid],
      ['of its job', 'cron-jobs', jobPid],
    ])('which is on record: %s', (_, key, pid) => {
      const { judged, verdict } = tried({ records: [own, record(key, pid)] });
      const wrote = `${key}: root opened file /etc/cron.d/evil with sh`;
      expect(judged).toMatchObject({
        verdict: 'invalid',
        reason: `declared to get by (It is no file), and it is on record: ${wrote}`,
        bypasses: [{ executed: true, recorded: wrote }],
      });
      expect(verdict).toBe('fail');
    });

    it('which is on record by the rules of another that is applied with it', () => {
      const other = recorder({
        id: 'other',
        audit: ['-w /etc/shadow -p wa -k secrets'],
        records: [{ atomic: 'elsewhere', key: 'secrets' }],
      });
      const { judged } = tried({ records: [own, record('secrets', wayPid)] }, [way, other]);
      expect(judged).toMatchObject({ verdict: 'records', bypasses: [{ executed: true }] });
    });

    it('of which nobody knows whether it is on record', () => {
      const { judged, verdict } = tried({ records: [own], lost: 3 });
      expect(judged).toMatchObject({
        verdict: 'errored',
        reason: expect.stringMatching(/3 records were lost/),
      });
      expect(verdict).toBe('error');
    });
  });

  it('tells what is on record by key, and of several whose claim it is', () => {
    const records = () =>
      recording({
        records: [
          record('at-use', attackers),
          record('cron-jobs', attackers),
          record('cron-jobs', attackers),
        ],
      });
    const [pair] = judged({ mitigations: [stopper, recorder()], with: records, isRefused: true }).mitigations;
    const first = (key: string) => `${key}: root opened file /etc/cron.d/evil with sh`;
    expect(pair?.records).toEqual([
      { key: 'at-use', count: 1, first: first('at-use') },
      { key: 'cron-jobs', count: 2, first: first('cron-jobs') },
    ]);
    expect(pair?.members?.map((member) => member.records)).toEqual([
      undefined,
      { key: 'cron-jobs', seen: first('cron-jobs') },
    ]);
  });

  it.each<[string, Tried, string, { tried: number; recorded: number }]>([
    ['recorded', { with: own }, 'recorded', { tried: 1, recorded: 1 }],
    ['not recorded', {}, 'executes', { tried: 1, recorded: 0 }],
  ])('counts for nothing that is stopped: %s', (_, tried, cell, count) => {
    const [hardening] = hardeningOf(judged(tried).mitigations);
    expect(hardening?.attacks[0]).toMatchObject({ cells: { 'audit-rules': cell }, stoppedBy: [] });
    expect(hardening?.mitigations[0]).toMatchObject({
      declared: { tried: 0, stopped: 0 },
      all: { tried: 1, stopped: 0 },
      recorded: count,
    });
  });
});
